/**
 * Whether the address that certificates name for revocation lists and OCSP will last. It is signed into every certificate and cannot be mended
 * there, so whatever may end it before the certificates end is said now. Warnings, never refusals.
 */
import { plainText } from '../pki/text.ts';
import type { Finding } from './enrolment.ts';

export interface PublicAddressFacts {
  /** `http://ca.office.lan:8080`, as the setting holds it. */
  readonly url: string;
  /** Where the device listener answers; null while it is down. */
  readonly listener: { readonly host: string; readonly port: number } | null;
  /** Addresses of this machine. */
  readonly ownAddresses: readonly string[];
  /** What the host name means now; undefined: it was not asked, or could not be. Empty: nothing. */
  readonly resolved: readonly string[] | undefined;
}

export interface PublicAddress {
  readonly host: string;
  readonly port: number;
}

/** Host and port of a base URL; undefined where it is none. */
export function readPublicAddress(url: string): PublicAddress | undefined {
  const match = /^http:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?(?:\/|$)/.exec(url);
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? undefined : { host: host.toLowerCase(), port: match?.[3] === undefined ? 80 : Number(match[3]) };
}

const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':');
const isLoopback = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost') || /^127\./.test(host) || host === '::1';
const ANY: readonly string[] = ['0.0.0.0', '::'];

/** One sentence for each thing that may end the address, or that ends it already. */
export function judgePublicAddress({ url, listener, ownAddresses, resolved }: PublicAddressFacts): readonly Finding[] {
  const address = readPublicAddress(url);
  if (address === undefined) {
    return [{ code: 'address-unusable', severity: 'danger', text: `“${plainText(url)}” cannot stand in certificates: revocation addresses must be plain http, and while it is set nothing can be issued. Change it under Settings.` }];
  }
  const { host, port } = address;
  const findings: Finding[] = [];
  const say = (code: string, text: string): void => void findings.push({ code, severity: 'warning', text });
  if (isLoopback(host)) {
    say('address-loopback', `Certificates will name “${host}”, which is each device’s own loopback: no device will find the revocation list there. Use a name that devices resolve to this machine.`);
  } else if (isAddress(host)) {
    say('address-is-ip', `Certificates will name the address ${host}. When this machine gets another one, every certificate points to nothing: use a name in DNS, which can follow.`);
    if (!ownAddresses.includes(host)) say('address-not-here', `${host} is none of this machine’s addresses now. Unless something forwards it here, devices will not find the revocation list.`);
  } else {
    if (host.endsWith('.local')) say('address-mdns', `“${host}” is a multicast DNS name: it is found on this network segment only, and many devices do not look there. Use a name in DNS.`);
    else if (!host.includes('.')) say('address-short', `“${host}” has no domain, so what it means depends on each device’s search list. Use the whole name, like ${host}.office.lan.`);
    if (resolved?.length === 0) say('address-unresolved', `“${host}” means no address at present, as far as this machine can tell. Add it to DNS before devices need the revocation list.`);
    else if (resolved !== undefined && !resolved.some((a) => ownAddresses.includes(a) && !isLoopback(a))) {
      const loops = resolved.every(isLoopback);
      say('address-elsewhere', loops ? `“${host}” means this machine’s own loopback here; make sure that devices are told its address on the network.` : `“${host}” means ${resolved.join(', ')}, which is not this machine. Unless something forwards it here, devices will not find the revocation list.`);
    }
  }
  if (listener !== null && listener.port !== port) {
    say('address-port', `Certificates will name port ${port}, and the device listener answers on port ${listener.port}. Unless something forwards ${port} to it, devices will not find the revocation list.`);
  }
  if (listener !== null && !ANY.includes(listener.host) && isLoopback(listener.host) && !isLoopback(host)) {
    say('address-unserved', `The device listener is on loopback, so nobody reaches it as “${host}” yet. Choose a network.`);
  }
  return findings;
}

/** After a change: what was issued before keeps what it says. */
export const oldAddressFinding = (before: string, certificates: number): Finding => ({
  code: 'address-changed',
  severity: 'warning',
  text: `${certificates === 1 ? 'One valid certificate names' : `${certificates} valid certificates may name`} the former address ${plainText(before)}, which cannot be changed in them. Keep it answering, or renew them.`,
});
