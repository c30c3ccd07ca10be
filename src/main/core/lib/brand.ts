declare const brand: unique symbol;

/** A type that only its maker can make: `Brand<Plan, 'Linted'>` is a Plan, but no Plan is a `Brand<Plan, 'Linted'>`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
