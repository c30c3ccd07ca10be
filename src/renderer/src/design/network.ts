/** The addresses of this computer, in words: who reaches the CA there. */
import type { Output } from '../../../preload/contract/contract.ts';

type Interface = Output<'listener.interfaces'>['items'][number];

export interface NetworkPlace {
  /** What the listener binds: `127.0.0.1`, `192.168.1.5`, `0.0.0.0`. */
  readonly host: string;
  readonly title: string;
  readonly text: string;
}

export const LOOPBACK = '127.0.0.1';
export const EVERYWHERE = '0.0.0.0';

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** The places to choose from: this computer first, then its networks, then all of them. `present` is there even where the system no longer has it. */
export function placesOf(interfaces: readonly Interface[], present: string): readonly NetworkPlace[] {
  const networks = interfaces.filter(({ address, loopback }) => !loopback && !isLinkLocalV6(address)).sort((a, b) => a.family.localeCompare(b.family));
  const places: NetworkPlace[] = [
    { host: LOOPBACK, title: 'This computer only', text: 'For trying things out. No device can reach it.' },
    ...networks.map(({ name, address }) => ({ host: address, title: `${name}, ${address}`, text: whoReaches(name, address) })),
    { host: EVERYWHERE, title: 'Every network of this computer', text: 'Also those that it joins later. Choose it where the address changes.' },
  ];
  return places.some(({ host }) => host === present) ? places : [...places, { host: present, title: present, text: 'Where it is set to now. This computer does not list it among its addresses.' }];
}

/** Who can open a connection to this address. */
export function whoReaches(name: string, address: string): string {
  if (/^(?:docker|br-|veth|virbr|vmnet|vboxnet|cni|podman)/i.test(name)) return 'Containers and virtual machines on this computer.';
  if (/^(?:tun|tap|wg|tailscale|zt|utun|ppp)/i.test(name)) return 'Devices in this VPN.';
  if (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(address) || /^f[cd]/i.test(address)) return 'Devices in this local network.';
  if (/^169\.254\./.test(address)) return 'Devices on the same cable, without a router. The address may change.';
  if (/^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address)) return 'Devices in the same overlay or provider network.';
  return 'A public address: the internet reaches it unless a firewall stops it.';
}

/** The port that a public address names, where that is another one than the listener's. */
export function otherPort(url: string, port: number | undefined): number | undefined {
  if (port === undefined || !URL.canParse(url)) return undefined;
  const { port: written, protocol } = new URL(url);
  const named = written === '' ? (protocol === 'https:' ? 443 : 80) : Number(written);
  return named === port ? undefined : named;
}

const isLinkLocalV6 = (address: string): boolean => /^fe[89ab]/i.test(address);

/** What others would type: nothing for loopback, the first address for “every network”. */
export function proposeBaseUrl(host: string, port: number, interfaces: readonly Interface[]): string {
  if (isLoopback(host)) return '';
  const wide = host === EVERYWHERE || host === '::';
  const address = wide ? interfaces.find(({ loopback, family }) => !loopback && family === 'IPv4')?.address : host;
  if (address === undefined) return '';
  return `http://${address.includes(':') ? `[${address}]` : address}${port === 80 ? '' : `:${port}`}`;
}
