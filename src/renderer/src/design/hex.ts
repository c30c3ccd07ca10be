/** Fingerprints as people compare them. */

/** `['a1b2', 'c3d4', …]` */
export const groupsOf = (hex: string): readonly string[] => hex.match(/.{1,4}/g) ?? [];

/** Two bytes as five decimal digits, which are harder to mishear than hexadecimal ones; the groups stand in the same places. */
export const numbersOf = (hex: string): readonly string[] => groupsOf(hex).map((group) => String(Number.parseInt(group, 16)).padStart(5, '0'));
