/** Sizes of files in words. */

/** `1.4 MB` */
export function saySize(octets: number): string {
  if (octets < 1e6) return `${Math.max(1, Math.round(octets / 1e3)).toLocaleString('en')} kB`;
  return octets < 1e9 ? `${(octets / 1e6).toFixed(1)} MB` : `${(octets / 1e9).toFixed(1)} GB`;
}
