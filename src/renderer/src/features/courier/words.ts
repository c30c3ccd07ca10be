/** The courier in words: what waits, what a file brought, and what a file that was refused means. */
import type { Problem } from '../../../../preload/contract/reply.ts';
import { capital, countThings, sayList } from '../../design/count.ts';
import type { CertificatesIn, CertificatesOut, Link, RequestsIn, RequestsOut } from './types.ts';

const some = (count: number, one: string, many?: string): readonly string[] => (count === 0 ? [] : [countThings(count, one, many)]);

/** The first line of a pairing that works: what the next run is for. */
export function sayWaiting({ role, waiting, peer, imported, exported }: Link): string {
  const { requests, answers, revocations, certificates } = waiting;
  if (role === 'listener') {
    if (imported === null) return 'Waits for its first certificates';
    const things = [...some(requests, 'request'), ...some(revocations, 'revocation'), ...some(certificates, 'key of this machine', 'keys of this machine')];
    if (things.length === 0) return 'Nothing waits for the courier';
    return capital(`${sayList(things)} ${requests + revocations + certificates === 1 ? 'waits' : 'wait'} for the courier`);
  }
  if (exported === null) return `${peer?.name ?? 'The listener'} waits for its first certificates`;
  const things = [...some(requests, 'request to decide', 'requests to decide'), ...some(answers, 'answer to carry back', 'answers to carry back')];
  return things.length === 0 ? 'Nothing waits here' : capital(sayList(things));
}

/** When files last came or went here; undefined before the first. */
export function lastRun({ exported, imported }: Link): string | undefined {
  const times = [exported?.at, imported?.at].filter((at) => at !== undefined).toSorted();
  return times.at(-1);
}

/** What a file that was written here carries. */
export function sayRequestsOut({ requests, granted, revocations, certificates }: RequestsOut): string {
  const things = [...some(requests, 'request'), ...some(revocations, 'revocation'), ...some(certificates, 'key that wants a certificate', 'keys that want certificates')];
  if (things.length === 0) return 'It asks for a fresh CRL and nothing else.';
  return `It carries ${sayList(things)}.${granted === 0 ? '' : granted === requests ? ' All of them were granted here already.' : ` ${capital(countThings(granted, 'of them was', 'of them were'))} granted here already.`}`;
}

export function sayCertificatesOut({ issued, refused, undecided, revoked, crls }: CertificatesOut): string {
  const things = [...some(issued, 'certificate'), ...some(refused, 'refusal'), ...some(revoked, 'revocation'), ...sayCrls(crls)];
  return `It carries ${sayList(things)}.${undecided === 0 ? '' : ` ${capital(countThings(undecided, 'request that is', 'requests that are'))} still undecided ${undecided === 1 ? 'stays' : 'stay'} here for the next run.`}`;
}

/** `7 certificates, 2 refusals and CRL 14; 1 request is still undecided.` */
export function sayCertificatesIn({ issued, refused, undecided, revoked, released, certificates, crls }: CertificatesIn): string {
  const things = [
    ...some(issued, 'certificate'),
    ...some(refused, 'refusal'),
    ...some(revoked, 'revocation'),
    ...some(released, 'release from hold', 'releases from hold'),
    ...some(certificates, 'certificate for a key of this machine', 'certificates for keys of this machine'),
    ...sayCrls(crls),
  ];
  return `${capital(sayList(things))}${undecided === 0 ? '' : `; ${countThings(undecided, 'request is', 'requests are')} still undecided there`}.`;
}

export function sayRequestsIn({ arrived, issued, known, closed, revoked, certificates }: RequestsIn): string {
  const things = [
    ...some(arrived, 'new request'),
    ...some(known, 'that was here already', 'that were here already'),
    ...some(closed, 'request closed, as it was there', 'requests closed, as they were there'),
    ...some(revoked, 'certificate revoked', 'certificates revoked'),
    ...some(certificates, 'certificate made for the other machine’s own keys', 'certificates made for the other machine’s own keys'),
  ];
  const left = arrived - issued;
  return `${capital(sayList(things))}.${issued === 0 ? '' : ` ${capital(countThings(issued, 'was', 'were'))} issued at once, as granted there.`}${left === 0 ? '' : ` ${capital(countThings(left, 'waits', 'wait'))} for your decision.`}`;
}

const sayCrls = (crls: CertificatesIn['crls']): readonly string[] => (crls.length === 1 ? [`CRL ${crls[0]?.number ?? ''}`] : crls.map(({ generation, number }) => `CRL ${number} of generation ${generation}`));

const DUE_NAMES = { crl: 'The CRL', scep: 'The certificate of this machine’s SCEP key', ocsp: 'The certificate of this machine’s OCSP key' } as const;
const DUE_HARM = {
  crl: 'Devices that check revocation refuse certificates of this CA without it.',
  scep: 'Without it no device can enrol or renew.',
  ocsp: 'Without it nobody gets an OCSP answer.',
} as const;

/** What runs out first: its name, and what happens when it has. */
export const sayDue = ({ what }: NonNullable<Link['due']>): { readonly name: string; readonly harm: string } => ({ name: DUE_NAMES[what], harm: DUE_HARM[what] });

/** The day on which the first of the CRLs runs out. */
export const firstEnd = (crls: CertificatesIn['crls']): string | undefined => crls.map(({ nextUpdate }) => nextUpdate).toSorted()[0];

/** What a refused file means for whoever stands there with the stick; empty where the CA's own words are enough, undefined where it is not about the file. */
export function adviceOn({ code }: Problem): string | undefined {
  return ADVICE[code];
}

/** Beside the CA's own next step: how such a file comes about. */
const ADVICE: Readonly<Record<string, string>> = {
  'courier-replayed': 'Most often it is an old file on a stick that was not emptied.',
  'courier-rollback': 'Most often the signing machine was put back to an older backup.',
  'courier-truncated': 'Most often the stick was pulled out too early, or is full.',
  'courier-damaged': 'Most often the stick is worn out, or the file was opened and saved by another program.',
  'courier-foreign': 'If the other machine was set up anew, end this pairing and pair again.',
  'courier-wrong-direction': '',
};
