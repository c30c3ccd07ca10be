/**
 * Courier files on their way out and in: written whole, signed, sealed to the paired machine; read only after everything about them was found right,
 * in the order frame, pairing, direction, signature, order, seal, shape. Whatever is refused is audited, and changes nothing.
 */
import { concat, fromUtf8, toHex, utf8 } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor } from '../../core/ca/audit.ts';
import { type CourierLink, type CourierMachine, type CourierMark, type CourierRole, placeOfFile } from '../../core/ca/courier.ts';
import { type CourierFrame, type CourierHeader, type CourierKind, MOST_BYTES, parseFrame, writeHead } from '../../core/ca/courierFile.ts';
import { type Payloads, readPayload, writePayload } from '../../core/ca/courierPayload.ts';
import { parsePublicKey } from '../../core/pki/algorithms.ts';
import { plainText } from '../../core/pki/text.ts';
import type { Finding } from '../../core/ca/enrolment.ts';
import type { Refusal } from '../deps.ts';
import { type CourierDeps, LOCKED, agreementKeyOf, fingerprintOf, signingKeyOf } from './deps.ts';

const ED25519 = { kind: 'ed25519' } as const;

/** Who may write which kind. */
const WRITERS: Readonly<Record<'requests' | 'certificates', CourierRole>> = { requests: 'listener', certificates: 'signer' };

const KIND_WORDS: Readonly<Record<CourierKind, string>> = {
  invitation: 'an invitation to pair',
  acceptance: 'the acceptance of an invitation',
  requests: 'requests, for the machine with the CA key',
  certificates: 'certificates, for the machine on the network',
};

export interface WrittenFile {
  readonly bytes: Uint8Array;
  readonly mark: CourierMark;
}

/** The next file of a running pairing. The caller stores the mark with what it changes. */
export function writeSealed<K extends 'requests' | 'certificates'>(deps: CourierDeps, link: CourierLink & { readonly peer: CourierMachine }, kind: K, payload: Payloads[K]): Result<WrittenFile, Refusal> {
  const at = deps.clock.now();
  const header: CourierHeader = { kind, pairing: link.id, from: fingerprintOf(deps, link.own), to: fingerprintOf(deps, link.peer), sequence: (link.sent?.sequence ?? 0) + 1, previous: link.sent?.sha256 ?? null, at };
  const text = writePayload(payload);
  if (readPayload(kind, text) === undefined) throw new Error(`a courier file of ${kind} would not be read back`);
  const { head, box } = deps.courierKeys.seal(agreementKeyOf(link.peer), (length) => writeHead(header, length), text);
  const bytes = signed(deps, link, head, box);
  if (bytes.length > MOST_BYTES) return err({ code: 'courier-too-large', message: `The file would have ${bytes.length} bytes, and no courier file has more than ${MOST_BYTES}.`, hint: 'A revocation list this long needs a new generation of the authority.' });
  return ok({ bytes, mark: { sequence: header.sequence, sha256: toHex(deps.crypto.digest('sha256', bytes)), at } });
}

/** A file of the pairing itself: signed, and open, for it holds public keys alone. */
export function writeOpen<K extends 'invitation' | 'acceptance'>(deps: CourierDeps, link: CourierLink, kind: K, to: string | null, payload: Payloads[K]): Uint8Array {
  const body = utf8(writePayload(payload));
  const head = writeHead({ kind, pairing: link.id, from: fingerprintOf(deps, link.own), to, sequence: 0, previous: null, at: deps.clock.now() }, body.length);
  return signed(deps, link, head, body);
}

const signed = (deps: CourierDeps, { signingKeyId }: CourierLink, head: Uint8Array, body: Uint8Array): Uint8Array => {
  const bytes = concat([head, body]);
  return concat([bytes, deps.courierKeys.sign(signingKeyId, bytes)]);
};

const HINTS: Readonly<Record<string, string>> = {
  'courier-truncated': 'It was not copied to its end: copy it again, and eject the stick before it is pulled out.',
  'courier-damaged': 'Copy it again, or write a new one on the other machine. Where that does not help, somebody may have changed it on the way.',
  'courier-foreign': 'Give a file that the paired machine wrote for this one.',
  'courier-newer': 'Bring Countersign on this machine up to that version.',
  'courier-wrong-direction': 'Take it to the other machine.',
  'courier-replayed': 'Give the newest file. If the other machine was put back to an older backup, first take a file from here to it: it then goes on from there.',
  'courier-rollback': 'Have the signing machine publish a new CRL, and write a new file there.',
};

/** A file's fault as a refusal with what to do about it. */
export function courierRefusal(code: string, text: string): Refusal {
  const hint = HINTS[code];
  const message = `The courier file was not taken in: ${text}.`;
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** Says no, and leaves that in the audit log. */
export async function refuseFile(deps: CourierDeps, bytes: Uint8Array, refusal: Refusal, actor: Actor): Promise<{ readonly ok: false; readonly error: Refusal }> {
  const sha256 = toHex(deps.crypto.digest('sha256', bytes));
  const noted = await deps.store.commit({ actor, at: deps.clock.now(), expect: [], changes: [], audit: [{ action: 'courier.import', subject: 'courier', outcome: 'refused', code: refusal.code, detail: { sha256, bytes: bytes.length, reason: refusal.message } }] });
  if (!noted.ok) throw new Error('a change-set without expectations came back as a conflict');
  return err(refusal);
}

export interface OpenedFile<T> {
  readonly link: CourierLink & { readonly peer: CourierMachine };
  readonly payload: T;
  readonly mark: CourierMark;
  /** This very file was taken in before. */
  readonly already: boolean;
  /** Files between the last one and this never came here. */
  readonly missing: number;
}

/** A file of a running pairing, from bytes to what it says. Nothing is changed; the caller stores `mark` with what it changes. */
export function openSealed<K extends 'requests' | 'certificates'>(deps: CourierDeps, kind: K, bytes: Uint8Array): Result<OpenedFile<Payloads[K]>, Refusal> {
  if (deps.vault.state() !== 'open') return err(LOCKED);
  const no = (code: string, text: string): { readonly ok: false; readonly error: Refusal } => err(courierRefusal(code, text));
  const parsed = parseFrame(bytes);
  if (!parsed.ok) return no(parsed.error.code, parsed.error.text);
  const { header, head, body, signature } = parsed.value;
  const link = deps.directory.courierLinks().find(({ id }) => id === header.pairing);
  if (header.kind !== kind) return no('courier-wrong-direction', `it holds ${KIND_WORDS[header.kind]}`);
  if (link === undefined || link.peer === null) return no('courier-foreign', 'it belongs to a pairing that this machine is not in');
  const { peer } = link;
  if (header.from === fingerprintOf(deps, link.own) || link.role === WRITERS[kind]) return no('courier-wrong-direction', 'it was written on this machine, for the other one');
  if (header.from !== fingerprintOf(deps, peer) || header.to !== fingerprintOf(deps, link.own)) return no('courier-foreign', 'it was not written by the paired machine for this one');
  if (!isSigned(deps, parsed.value, peer, signature)) return no('courier-damaged', 'it is not as the paired machine signed it');
  const mark: CourierMark = { sequence: header.sequence, sha256: toHex(deps.crypto.digest('sha256', bytes)), at: deps.clock.now() };
  const place = placeOfFile(link.received, { sequence: mark.sequence, previous: header.previous, sha256: mark.sha256 });
  if (place === 'replayed') return no('courier-replayed', `it is file ${mark.sequence} of “${plainText(peer.name)}”, and file ${link.received?.sequence ?? 0} was taken in before`);
  const text = deps.courierKeys.open(link.agreementKeyId, head, body);
  const payload = text === undefined ? undefined : readPayload(kind, text);
  if (payload === undefined) return no('courier-damaged', text === undefined ? 'it does not open with this machine’s key' : 'what it says cannot be read');
  return ok({ link: { ...link, peer }, payload, mark, already: place === 'same', missing: place === 'after-gap' ? mark.sequence - (link.received?.sequence ?? 0) - 1 : 0 });
}

/** Told with a file that came after a gap. */
export function missingFiles({ missing, link }: Pick<OpenedFile<unknown>, 'missing' | 'link'>): Finding[] {
  if (missing === 0) return [];
  const files = missing === 1 ? 'One earlier file' : `${missing} earlier files`;
  return [{ code: 'courier-gap', severity: 'info', text: `${files} of “${plainText(link.peer.name)}” never came here. Nothing is lost by that: each file carries all that is open.` }];
}

export interface PairingFile<T> {
  readonly header: CourierHeader;
  readonly payload: T;
}

/** A file of the pairing itself: it is as whoever has the keys in it signed it. Who that is, the admins compare. */
export function openPairing(deps: CourierDeps, bytes: Uint8Array): Result<{ readonly kind: 'invitation'; readonly file: PairingFile<Payloads['invitation']> } | { readonly kind: 'acceptance'; readonly file: PairingFile<Payloads['acceptance']> }, Refusal> {
  const parsed = parseFrame(bytes);
  if (!parsed.ok) return err(courierRefusal(parsed.error.code, parsed.error.text));
  const { header } = parsed.value;
  if (header.kind !== 'invitation' && header.kind !== 'acceptance') return err(courierRefusal('courier-wrong-direction', `it holds ${KIND_WORDS[header.kind]}, and is no pairing file`));
  return header.kind === 'invitation' ? provenPairing(deps, 'invitation', parsed.value) : provenPairing(deps, 'acceptance', parsed.value);
}

function provenPairing<K extends 'invitation' | 'acceptance'>(deps: CourierDeps, kind: K, frame: CourierFrame): Result<{ readonly kind: K; readonly file: PairingFile<Payloads[K]> }, Refusal> {
  const text = fromUtf8(frame.body);
  const payload = text === undefined ? undefined : readPayload(kind, text);
  if (payload === undefined) return err(courierRefusal('courier-damaged', 'what it says cannot be read'));
  const { machine } = payload as { readonly machine: CourierMachine };
  if (!hasCourierKeys(machine)) return err(courierRefusal('courier-damaged', 'its keys are not of the kinds that the courier uses'));
  if (fingerprintOf(deps, machine) !== frame.header.from || !isSigned(deps, frame, machine, frame.signature)) return err(courierRefusal('courier-damaged', 'its signature does not fit the keys in it'));
  return ok({ kind, file: { header: frame.header, payload } });
}

/** A pairing whose keys nothing can be sealed to would fail at its first file. */
function hasCourierKeys(machine: CourierMachine): boolean {
  const [signing, agreement] = [parsePublicKey(signingKeyOf(machine)), parsePublicKey(agreementKeyOf(machine))];
  return signing.ok && signing.value.kind === 'ed25519' && agreement.ok && agreement.value.kind === 'ec' && agreement.value.curve === 'P-256';
}

const isSigned = (deps: CourierDeps, frame: CourierFrame, by: CourierMachine, signature: Uint8Array): boolean => deps.crypto.verify(signingKeyOf(by), ED25519, frame.signed, signature);
