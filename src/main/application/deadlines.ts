/** What is about to end, gathered for the overview, for monitors and for the log. */
import { DAY, type Instant } from '../core/lib/instant.ts';
import type { Authority, Generation } from '../core/ca/authority.ts';
import type { CertificateRecord } from '../core/ca/certificateRecord.ts';
import { type AuthorityLife, type Deadline, type Obstacle, type Successor, findDeadlines } from '../core/ca/deadlines.ts';
import { sortOut } from '../core/ca/rollover.ts';
import { lifeOf } from './authorities/scepKeys.ts';
import type { IssuingDeps } from './issue.ts';
import { signerOf } from './pairings.ts';

// Each generation has one valid signer, and for ten days its successor.
const MOST_SIGNERS = 500;

/** Of every authority that has its certificate, worst first. */
export async function readDeadlines(deps: IssuingDeps): Promise<readonly Deadline[]> {
  const now = deps.clock.now();
  const signers = (await deps.store.read.certificates({ kind: 'ocsp', state: 'valid', limit: MOST_SIGNERS }, now)).items;
  const expired = (await deps.store.read.certificates({ kind: 'ocsp', state: 'expired', limit: MOST_SIGNERS }, now)).items;
  const lives = await Promise.all(deps.directory.authorities().map((authority) => readLife(deps, authority, [...signers, ...expired], now)));
  const rank = { danger: 0, warning: 1, notice: 2, info: 3 } as const;
  return lives.flatMap((life) => (life === undefined ? [] : findDeadlines(life, now))).sort((a, b) => rank[a.severity] - rank[b.severity]);
}

async function readLife(deps: IssuingDeps, authority: Authority, signers: readonly CertificateRecord[], now: Instant): Promise<AuthorityLife | undefined> {
  const current = deps.directory.currentGeneration(authority.id);
  if (!current?.certificate) return undefined;
  const active = deps.directory.activeScepIdentity(authority.id);
  // A retired one still signs its revocation list; one that awaits its certificate, or is to come, owes nobody anything.
  const owing = deps.directory.generations(authority.id).filter((g) => g.certificate !== null && g.state !== 'next' && (g.notAfter > now || g.number === current.number));
  const validities = deps.directory.endpoints().flatMap((e) => (e.authorityId === authority.id && e.enabled ? [deps.directory.profile(e.profileId)?.validityDays ?? 0] : []));
  return {
    id: authority.id,
    name: authority.commonName,
    certificate: { notBefore: current.notBefore, notAfter: current.notAfter },
    successor: successorOf(deps.directory.generations(authority.id)),
    signer: signerOf(deps, authority.id) ?? null,
    scep: active === undefined || active.keyId === current.keyId ? null : (lifeOf(active) ?? null),
    longestValidityDays: Math.max(0, ...validities),
    generations: await Promise.all(
      owing.map(async (generation) => ({
        number: generation.number,
        notAfter: generation.notAfter,
        obstacle: obstacleOf(deps, generation),
        crl: (await deps.store.read.latestCrl(authority.id, generation.number)) ?? null,
        ocsp: newestOf(signers, authority, generation),
      })),
    ),
  };
}

function successorOf(generations: readonly Generation[]): Successor {
  const { next, awaiting } = sortOut(generations);
  if (next !== undefined) return next.publishedAt === null ? 'staged' : 'published';
  return awaiting === undefined ? 'none' : 'awaiting-certificate';
}

const obstacleOf = (deps: IssuingDeps, { keyId }: Generation): Obstacle => (deps.vault.state() !== 'open' ? 'locked' : deps.signers.has(keyId) ? null : 'key-absent');

function newestOf(signers: readonly CertificateRecord[], authority: Authority, generation: Generation): CertificateRecord | null {
  const own = signers.filter((s) => s.authorityId === authority.id && s.generation === generation.number);
  return own.reduce<CertificateRecord | null>((newest, s) => (newest === null || s.notAfter > newest.notAfter ? s : newest), null);
}

export interface DeadlineLog {
  /** One line for each warning or danger, once a day each, and again when it gets worse. */
  keep(): Promise<void>;
}

/** One for the whole program. */
export function createDeadlineLog(deps: IssuingDeps): DeadlineLog {
  const said = new Map<string, Instant>();
  return {
    keep: async () => {
      const now = deps.clock.now();
      for (const { code, severity, text, about } of await readDeadlines(deps)) {
        if (severity !== 'warning' && severity !== 'danger') continue;
        const key = `${code} ${severity} ${about}`;
        if (now < (said.get(key) ?? -Infinity) + DAY) continue;
        said.set(key, now);
        deps.log(severity === 'danger' ? 'error' : 'warn', `deadline.${code}`, { authority: about, text });
      }
    },
  };
}
