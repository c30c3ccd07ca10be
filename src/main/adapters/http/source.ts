/**
 * Who is at the other end, by socket address alone: forwarded headers are written by whoever likes to, and no proxy stands before a LAN CA.
 * Owns the written form for logs and the key under which limits are counted.
 */
import { isIPv4, isIPv6 } from 'node:net';

/** The peer's address as logs show it: an IPv4 address that a dual-stack socket reports as `::ffff:192.0.2.7` is `192.0.2.7`. */
export function sourceOf(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined || remoteAddress === '') return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : remoteAddress;
}

/** What limits are counted by: an IPv4 address, or the /64 of an IPv6 address, for a host there has 2^64 addresses to come from. */
export function limitKeyOf(source: string): string {
  const address = source.split('%')[0] ?? source;
  if (!isIPv6(address)) return source;
  return `${groupsOf(address).slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, with what `::` leaves out written as zeros. */
function groupsOf(address: string): readonly string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  // A dotted quad at the end stands for two groups; it is never among the first four that count.
  const missing = 8 - before.length - after.length - (address.includes('.') ? 1 : 0);
  return [...before, ...Array.from({ length: Math.max(missing, 0) }, () => '0'), ...after];
}
