/** What an endpoint's settings mean, in plain words. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type Endpoint = Output<'endpoints.list'>['items'][number];
export type Profile = Output<'profiles.list'>['items'][number];

interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly text: string;
}

export const AUTHORIZATION: readonly Choice<Endpoint['authorization']>[] = [
  { value: 'challenge-or-hold', label: 'A challenge, or your approval', text: 'Whoever shows a valid challenge gets a certificate at once. Without one the request waits for you; a wrong one is refused.' },
  { value: 'hold', label: 'Your approval, always', text: 'Every first request waits for you, with a challenge or without.' },
  { value: 'challenge-only', label: 'A challenge, always', text: 'Without a valid challenge the request is refused. Nothing waits for you here.' },
];

export const COMPATIBILITY: readonly Choice<Endpoint['compatibility']>[] = [
  { value: 'strict', label: 'Strict', text: 'AES and SHA-2 only. For fleets of which you know every client.' },
  { value: 'standard', label: 'Standard', text: 'Besides these 3DES and SHA-1 in messages, which much gear still sends. Certificates are SHA-256 or better in any case.' },
  { value: 'legacy', label: 'Legacy', text: 'Besides these single DES, MD5 and RSA keys of 1024 bits, for gear that knows nothing else.' },
];

export const RENEWAL: readonly { readonly value: Endpoint['renewal']; readonly label: string }[] = [
  { value: 'grant', label: 'Granted at once' },
  { value: 'hold', label: 'Held for your approval' },
  { value: 'refuse', label: 'Refused' },
];

export const CA_CERTIFICATES: readonly Choice<Endpoint['caCertificates']>[] = [
  { value: 'auto', label: 'As the chain is', text: 'A chain where there is one, a single certificate where there is not.' },
  { value: 'single', label: 'One certificate', text: 'For gear that takes no chain, and for Apple devices that turn a chain down with “key usage is incorrect”.' },
  { value: 'chain', label: 'A chain, always', text: 'For clients that expect the form of a chain even around a single certificate.' },
];

export const EMPTY_CONTENT: readonly Choice<Endpoint['emptyContent']>[] = [
  { value: 'auto', label: 'By how the client asks', text: 'The empty form for those that ask by GET, the RFC’s form for the others. Right for every client we know.' },
  { value: 'empty', label: 'Empty', text: 'For certmonger and PyScep behind something that turns their GET into a POST: without content they give up.' },
  { value: 'absent', label: 'Absent', text: 'The RFC’s form. cryptlib takes no other.' },
];

export const wordsOf = <Value extends string>(choices: readonly { readonly value: Value; readonly label: string }[], value: Value): string => choices.find((choice) => choice.value === value)?.label ?? value;

/** What one may turn an extended key usage into on a profile's page, by name. */
export const KNOWN_EKUS = ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.17', '1.3.6.1.5.5.7.3.14', '1.3.6.1.4.1.311.20.2.2'] as const;

export const KEY_USAGES: readonly Profile['keyUsageRsa'][number][] = ['digitalSignature', 'keyEncipherment', 'keyAgreement', 'nonRepudiation', 'dataEncipherment'];

export const SAN_KINDS: readonly { readonly value: Profile['allowedSans'][number]; readonly label: string }[] = [
  { value: 'dns', label: 'DNS names' },
  { value: 'ip', label: 'IP addresses' },
  { value: 'email', label: 'E-mail addresses' },
  { value: 'uri', label: 'URIs' },
  { value: 'upn', label: 'User principal names' },
];
