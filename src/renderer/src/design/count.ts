/** Numbers of things in words. */

/** `one certificate`, `1,204 certificates`, `no certificates` */
export const countThings = (count: number, one: string, many = `${one}s`): string => (count === 0 ? `no ${many}` : count === 1 ? `one ${one}` : `${count.toLocaleString('en')} ${many}`);

/** `a`, `a and b`, `a, b and c`; `nothing` */
export const sayList = (parts: readonly string[]): string => (parts.length === 0 ? 'nothing' : parts.length === 1 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`);

/** With a capital at its beginning. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
