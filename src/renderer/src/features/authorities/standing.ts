/** How an authority stands, and where it stands among the others. */
import type { Output } from '../../../../preload/contract/contract.ts';
import { type AuthorityDraft, keyName } from '../../design/authorityDraft.ts';
import type { StateLook } from '../../design/tones.ts';

export type Authority = Output<'authorities.list'>['items'][number];
export type AuthorityDetail = Output<'authorities.get'>;
export type Generation = Authority['generations'][number];

const DAY = 86_400_000;
/** When the end of a CA is near enough to plan its successor: what it issues cannot outlast it. */
const SOON = 400 * DAY;

export const currentGeneration = ({ generations }: Pick<Authority, 'generations'>): Generation | undefined => generations.find(({ state }) => state === 'current');

export const isAwaiting = (authority: Pick<Authority, 'generations' | 'fingerprints'>): boolean => authority.fingerprints === null;

/** What it is to the others. */
export function roleOf({ parentId, chainPem, fingerprints }: Pick<Authority, 'parentId' | 'chainPem' | 'fingerprints'>): string {
  if (parentId !== null) return 'Issuing CA';
  if (fingerprints === null) return 'Under a CA elsewhere';
  return chainPem.length <= 1 ? 'Root' : 'Under a CA elsewhere';
}

/** A root whose own limit leaves room for a CA below it. */
export const signsCas = ({ chain, pathLength }: Pick<AuthorityDetail, 'chain' | 'pathLength'>): boolean => chain.length === 1 && chain[0]?.selfSigned === true && pathLength !== 0;

/** The certificate's state in a word. */
export function authorityLook(authority: Pick<Authority, 'generations' | 'fingerprints'>, now: number): StateLook {
  if (isAwaiting(authority)) return { word: 'Awaiting certificate', tone: 'notice', icon: 'clock' };
  const end = Date.parse(currentGeneration(authority)?.notAfter ?? '');
  if (end <= now) return { word: 'Expired', tone: 'danger', icon: 'stop' };
  if (end - now < SOON) return { word: 'Ends soon', tone: 'warning', icon: 'warning' };
  return { word: 'Valid', tone: 'good', icon: 'check' };
}

export const GENERATION_STATE: Readonly<Record<Generation['state'], StateLook>> = {
  'awaiting-certificate': { word: 'Awaiting certificate', tone: 'notice', icon: 'clock' },
  next: { word: 'Next', tone: 'notice', icon: 'clock' },
  current: { word: 'Current', tone: 'good', icon: 'check' },
  previous: { word: 'Previous', tone: 'quiet', icon: 'undo' },
  retired: { word: 'Retired', tone: 'quiet', icon: 'stop' },
};

/** `RSA 3072, one key` or `EC P-384, separate SCEP key`. */
export const sayKey = ({ key, scepKey }: { readonly key: AuthorityDraft['key']; readonly scepKey: Authority['scepKey'] }): string => `${keyName(key)}, ${scepKey === 'combined' ? 'one key' : 'separate SCEP key'}`;

export interface Placed {
  readonly authority: Authority;
  /** 0: nothing of this CA stands above it. */
  readonly depth: number;
}

/** Parents before their children, in the order in which they were made; whose parent is missing stands on top. */
export function inTree(authorities: readonly Authority[]): readonly Placed[] {
  const known = new Set(authorities.map(({ id }) => id));
  const ordered = authorities.toSorted((a, b) => a.number - b.number);
  const under = (parent: string | null, depth: number): readonly Placed[] =>
    ordered
      .filter(({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null) === parent)
      .flatMap((authority) => [{ authority, depth }, ...under(authority.id, depth + 1)]);
  return under(null, 0);
}

/** A kit's text in parts: `Windows: open …` has a head, a plain paragraph has none, and what has several lines is a list. */
export function readKitText(text: string): readonly { readonly head: string | null; readonly lines: readonly string[] }[] {
  return text.split('\n\n').map((paragraph) => {
    const [first = '', ...rest] = paragraph.split('\n');
    if (rest.length > 0) return { head: first.replace(/:$/, ''), lines: rest };
    const [, head, body] = /^([^.:]{1,60}): (.+)$/s.exec(first) ?? [];
    return head === undefined || body === undefined ? { head: null, lines: [first] } : { head, lines: [asSentence(body)] };
  });
}

/** Begins with a capital, unless it begins with a file's name. */
const asSentence = (text: string): string => (/^[a-z]+[ ,]/.test(text) ? `${text.charAt(0).toUpperCase()}${text.slice(1)}` : text);
