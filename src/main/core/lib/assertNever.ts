/** Closes a switch over a union: a member that was forgotten is a type error, and a throw should a value lie about its type. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
