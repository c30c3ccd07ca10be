/** What differs between what the CA said and what an admin made of it. */

const same = (a: unknown, b: unknown): boolean => (Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((item, index) => item === b[index]) : a === b);

/** The fields whose values differ, as they now are. The order within a list counts: it is the admin's. */
export function changedFields<T extends object>(before: T, after: T): Partial<T> {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !same(value, before[name as keyof T]))) as Partial<T>;
}

/** Adds an item to a list, or takes it out, in the order of `all`; what `all` does not know stays behind. */
export function toggled<T>(list: readonly T[], item: T, on: boolean, all: readonly T[]): T[] {
  const wanted = on ? [...list.filter((each) => each !== item), item] : list.filter((each) => each !== item);
  return [...all.filter((each) => wanted.includes(each)), ...wanted.filter((each) => !all.includes(each))];
}
