/** What an admin should know before a CA comes in, worst first. */
import { DAY, toIso } from '../../core/lib/instant.ts';
import type { Finding, Severity } from '../../core/ca/enrolment.ts';
import type { MergedRecords } from '../../core/ca/migration/revocations.ts';
import type { Crl } from '../../core/pki/crl.ts';
import type { Deps } from '../deps.ts';
import type { Classified } from './classify.ts';
import type { Collected } from './collect.ts';
import type { MigrationCounts } from './counts.ts';

export interface FindingsInput {
  readonly collected: Collected;
  readonly records: MergedRecords;
  readonly classified: Classified;
  readonly judged: readonly Finding[];
  readonly counts: MigrationCounts;
  readonly lists: readonly Crl[];
  readonly here: boolean;
  readonly profileId: string;
  /** Valid certificates that the records know and the files lack. */
  readonly missing: number;
}

const ORDER: readonly Severity[] = ['danger', 'warning', 'notice', 'info'];

const things = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

export function findingsOf(deps: Deps, input: FindingsInput): readonly Finding[] {
  const found = [...input.judged, ...input.collected.findings, ...about(deps, input)];
  return [...found].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function* about(deps: Deps, { collected, records, classified, counts, lists, here, profileId, missing }: FindingsInput): Generator<Finding> {
  if (collected.records.length === 0 && lists.length === 0) {
    yield { code: 'earlier-revocations-unknown', severity: 'warning', text: 'Neither the CA’s records nor its last revocation list are among the files: whatever it revoked is valid again here. Bring its index.txt, its database or its CRL along.' };
  }
  const stale = lists.length > 0 && lists.every(({ nextUpdate }) => nextUpdate !== undefined && nextUpdate < deps.clock.now() - DAY);
  if (stale && collected.records.length === 0) yield { code: 'crl-old', severity: 'warning', text: 'The newest revocation list among the files has run out: what was revoked since is not on it.' };
  if (records.onlyOnCrl > 0) yield { code: 'crl-revokes-more', severity: 'warning', text: `${things(records.onlyOnCrl, 'certificate is', 'certificates are')} revoked by a CRL and valid by the records: revoked counts.` };
  if (missing > 0) yield { code: 'certificates-missing', severity: 'warning', text: `${things(missing, 'valid certificate of the records is', 'valid certificates of the records are')} not among the files: the devices that have them cannot renew until they are brought.` };
  if (counts.serialsOnly > 0) yield { code: 'serials-only', severity: 'notice', text: `${things(counts.serialsOnly, 'revocation comes', 'revocations come')} without a certificate: the serials stay on the CRL until they expire.` };
  for (const [issuer, n] of [...classified.foreignIssuers].slice(0, 5)) yield { code: 'foreign-issuer', severity: 'notice', text: `${things(n, 'certificate was', 'certificates were')} issued by “${issuer}”, another CA: bring that one by itself.` };
  const below = classified.planned.filter(({ isCa }) => isCa).length;
  if (below > 0) yield { code: 'subordinate-cas', severity: 'notice', text: `${things(below, 'certificate is', 'certificates are')} of CAs below this one: they can be revoked here, and renew at the offline root’s desk only.` };
  const ends = classified.planned.filter(({ revocation, facts }) => revocation === null && facts.notAfter > deps.clock.now()).map(({ facts }) => facts.notAfter);
  const soon = ends.filter((end) => end < deps.clock.now() + 30 * DAY).length;
  if (soon > 0) yield { code: 'ending-soon', severity: 'notice', text: `${things(soon, 'certificate ends', 'certificates end')} within 30 days, the first at ${toIso(ends.reduce((a, b) => Math.min(a, b)))}: let those devices find this server by then.` };
  if (here) yield { code: 'already-here', severity: 'info', text: 'An earlier import brought this CA: this one adds what is missing, and revokes what was revoked since.' };
  else if (counts.valid > 0) yield { code: 'same-address', severity: 'info', text: `Devices renew at the address that they know: give this server that name, and save an endpoint with the path they use for this authority, with the profile ${profileId}.` };
}
