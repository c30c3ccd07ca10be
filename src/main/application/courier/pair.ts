/**
 * Pairing, in four steps over two files: the signer invites, both admins compare the signer's fingerprint, the listener accepts with keys of its own, both
 * compare the listener's, the signer confirms and certifies those keys. What a file says of itself counts for nothing before its fingerprint was compared.
 */
import { equalBytes, fromBase64, toBase64, toHex } from '../../core/lib/bytes.ts';
import { type Result, err, ok } from '../../core/lib/result.ts';
import type { Actor, AuditEvent } from '../../core/ca/audit.ts';
import { type CourierLink, type CourierMachine, courierOcspDays } from '../../core/ca/courier.ts';
import type { CarriedAuthority, CarriedKeyRequest, Payloads } from '../../core/ca/courierPayload.ts';
import { type Certificate, parseCertificate } from '../../core/pki/certificate.ts';
import { parseCsr } from '../../core/pki/csr.ts';
import { type StoredKey, keyAlgorithmOf } from '../../core/ca/authority.ts';
import { certifyKey } from '../authorities/certifyKey.ts';
import { refuseTakenName } from '../authorities/naming.ts';
import type { ExportedFile } from '../certificates.ts';
import type { Outcome, Refusal } from '../deps.ts';
import { newId } from '../issue.ts';
import type { Change } from '../ports/store.ts';
import { carryAuthority, makeOwnKey } from './carried.ts';
import { type CourierDeps, LOCKED, STALE, courierFile, fingerprintOf } from './deps.ts';
import { type PairingFile, courierRefusal, openPairing, refuseFile, writeOpen } from './files.ts';

export interface Paired {
  readonly link: CourierLink;
  readonly file: ExportedFile | null;
}

export interface ShownPairing {
  readonly kind: 'invitation' | 'acceptance';
  readonly from: { readonly name: string; readonly fingerprint: string };
  readonly pairing: string;
  readonly authority: { readonly commonName: string; readonly certificate: Uint8Array };
  readonly wanted: readonly { readonly kind: 'scep' | 'ocsp'; readonly spkiSha256: string }[];
  readonly writtenAt: number;
}

const NOT_COMPARED: Refusal = { code: 'courier-fingerprint-differs', message: 'The fingerprint that was confirmed is not that of the machine which wrote this file.', hint: 'Compare it with the one that the other machine shows. If they differ, the file was replaced on its way.' };
const UNKNOWN_AUTHORITY: Refusal = { code: 'not-found', message: 'There is no such authority.' };

const base = (role: CourierLink['role'], own: CourierMachine, keys: { readonly signing: StoredKey; readonly agreement: StoredKey }): Pick<CourierLink, 'version' | 'role' | 'own' | 'signingKeyId' | 'agreementKeyId' | 'pairedAt' | 'sent' | 'received' | 'peerGot' | 'wanted' | 'delivered' | 'deliveries'> => ({
  version: 1,
  role,
  own,
  signingKeyId: keys.signing.id,
  agreementKeyId: keys.agreement.id,
  pairedAt: null,
  sent: null,
  received: null,
  peerGot: 0,
  wanted: [],
  delivered: 0,
  deliveries: [],
});

const machineOf = (name: string, { signing, agreement }: { readonly signing: StoredKey; readonly agreement: StoredKey }): CourierMachine => ({ name, signing: toBase64(signing.spki), agreement: toBase64(agreement.spki) });

const event = (code: string, link: CourierLink, detail: AuditEvent['detail'] = {}): AuditEvent => ({ action: 'courier.pair', subject: `courier:${link.id}`, outcome: 'ok', code, detail: { authority: link.authorityId, role: link.role, ...detail } });

async function keep(deps: CourierDeps, link: CourierLink, changes: readonly Change[], audit: readonly AuditEvent[], actor: Actor): Outcome<CourierLink> {
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: link.version === 1 ? [{ kind: 'absent', table: 'courierLink', id: link.id }] : [{ kind: 'version', table: 'courierLink', id: link.id, version: link.version - 1 }],
    changes: [...changes, { kind: 'put', table: 'courierLink', value: link }],
    audit,
  });
  if (!committed.ok) return err(STALE);
  await deps.directory.refresh();
  deps.events.publish('status.changed');
  return ok(link);
}

const putKeys = (keys: readonly StoredKey[]): Change[] => keys.map((value) => ({ kind: 'put', table: 'key', value }));

/** Signer: a pairing for one authority, and its invitation. Refused: not-found, locked, awaiting-certificate, courier-needs-split, courier-no-endpoint. */
export async function invite(deps: CourierDeps, input: { readonly authorityId: string; readonly name: string }, actor: Actor): Outcome<Paired> {
  const authority = deps.directory.authority(input.authorityId);
  const generation = deps.directory.currentGeneration(input.authorityId);
  if (authority === undefined) return err(UNKNOWN_AUTHORITY);
  if (!generation?.certificate) return err({ code: 'awaiting-certificate', message: 'This authority still waits for its certificate.', hint: 'Install it first.' });
  if (deps.vault.state() !== 'open') return err(LOCKED);
  if (!deps.signers.has(generation.keyId)) return err({ code: 'courier-no-key', message: 'The key of this authority is not on this machine.', hint: 'Invite from the machine that has it.' });
  // Devices look at the KU before they encrypt, and would take the CA's certificate for the recipient's (SCEP.md A4.5): nobody on the network could open that.
  if (authority.scepKey !== 'split') return err({ code: 'courier-needs-split', message: 'The key of this authority also opens SCEP messages, so that it is needed on the network.', hint: 'Make the authority split first, or create one in split mode.' });
  if (!deps.directory.endpoints().some((endpoint) => endpoint.authorityId === authority.id)) return err({ code: 'courier-no-endpoint', message: 'The authority has no endpoint here, and so no profile for what it signs.', hint: 'Make one; only its profile counts.' });
  const keys = await deps.courierKeys.generate();
  const link: CourierLink = { ...base('signer', machineOf(input.name, keys), keys), id: newId(deps), state: 'invited', authorityId: authority.id, authority: authority.commonName, peer: null, createdAt: deps.clock.now() };
  const bytes = writeOpen(deps, link, 'invitation', null, { machine: link.own, authority: carryAuthority(deps, authority) });
  const kept = await keep(deps, link, putKeys([keys.signing, keys.agreement]), [event('invited', link, { own: fingerprintOf(deps, link.own) })], actor);
  return kept.ok ? ok({ link, file: courierFile(link, 'invitation', bytes) }) : kept;
}

/** What a pairing file says, for the comparison. Changes nothing. */
export async function readPairing(deps: CourierDeps, bytes: Uint8Array): Outcome<ShownPairing> {
  const opened = openPairing(deps, bytes);
  if (!opened.ok) return opened;
  const { kind, file } = opened.value;
  const shown = { from: { name: file.payload.machine.name, fingerprint: file.header.from }, pairing: file.header.pairing, writtenAt: file.header.at };
  if (kind === 'invitation') {
    const { authority } = file.payload;
    const certificate = authority.generations.find(({ state }) => state === 'current')?.certificate;
    if (certificate === undefined || !parseCertificate(certificate).ok) return err(courierRefusal('courier-damaged', 'there is no readable CA certificate in it'));
    return ok({ kind, ...shown, authority: { commonName: authority.commonName, certificate }, wanted: [] });
  }
  const link = deps.directory.courierLinks().find(({ id, role }) => id === file.header.pairing && role === 'signer');
  const certificate = link === undefined ? undefined : deps.directory.currentGeneration(link.authorityId)?.certificate;
  if (link === undefined || !certificate) return err(courierRefusal('courier-foreign', 'it accepts an invitation that was not written on this machine'));
  const wanted = file.payload.wanted.map(({ kind: what, csr }) => ({ kind: what, spkiSha256: spkiSha256Of(deps, csr) }));
  return ok({ kind, ...shown, authority: { commonName: link.authority, certificate }, wanted });
}

function spkiSha256Of(deps: CourierDeps, csr: Uint8Array): string {
  const parsed = parseCsr(csr);
  return toHex(deps.crypto.digest('sha256', parsed.ok ? parsed.value.spki : csr));
}

/** Listener: takes an invitation, makes this machine's keys, writes the acceptance; once more: writes it again. Refused: what is wrong with the file; courier-fingerprint-differs, courier-authority-here, name-taken, courier-number-taken. */
export async function accept(deps: CourierDeps, input: { readonly bytes: Uint8Array; readonly fingerprint: string; readonly name: string }, actor: Actor): Outcome<Paired> {
  if (deps.vault.state() !== 'open') return err(LOCKED);
  const opened = openPairing(deps, input.bytes);
  if (!opened.ok) return refuseFile(deps, input.bytes, opened.error, actor);
  if (opened.value.kind !== 'invitation') return refuseFile(deps, input.bytes, courierRefusal('courier-wrong-direction', 'it is an acceptance, for the machine that invited'), actor);
  const { header, payload } = opened.value.file;
  if (header.from !== input.fingerprint) return refuseFile(deps, input.bytes, NOT_COMPARED, actor);
  const before = deps.directory.courierLinks().find(({ id }) => id === header.pairing);
  if (before !== undefined) {
    return before.role === 'listener' && before.peer !== null && fingerprintOf(deps, before.peer) === header.from
      ? ok({ link: before, file: acceptanceOf(deps, before) })
      : refuseFile(deps, input.bytes, courierRefusal('courier-wrong-direction', 'it was written on this machine, for the other one'), actor);
  }
  const refused = refuseInvitation(deps, payload);
  return refused === undefined ? makeAcceptance(deps, input.name, opened.value.file, actor) : refuseFile(deps, input.bytes, refused, actor);
}

function refuseInvitation(deps: CourierDeps, { authority }: Payloads['invitation']): Refusal | undefined {
  const current = currentOf(authority);
  if (current === undefined) return courierRefusal('courier-damaged', 'there is no readable CA certificate in it');
  const paired = deps.directory.courierLinks().some(({ authorityId }) => authorityId === authority.id);
  if (paired) return { code: 'courier-authority-here', message: 'This machine is paired for this authority already.', hint: 'End that pairing first.' };
  if (deps.directory.authority(authority.id) !== undefined) {
    // Of a pairing that has ended: it is here without its key, and goes on where it stopped.
    const known = deps.directory.generations(authority.id);
    const served = known.every(({ keyId }) => !deps.signers.has(keyId)) && known.some(({ spki }) => equalBytes(spki, current.certificate.spki));
    return served ? undefined : { code: 'courier-authority-here', message: 'This authority is on this machine already, with its key.', hint: 'Use a new data folder for the machine on the network: one that has had the key is no listener.' };
  }
  if (deps.directory.authorityByNumber(authority.number) !== undefined) {
    return { code: 'courier-number-taken', message: `An authority with the number ${authority.number} is on this machine already, and certificates name their revocation list by it.`, hint: 'Use a listener of its own for this authority.' };
  }
  return refuseTakenName(deps, current.certificate.subject);
}

function currentOf({ generations }: CarriedAuthority): { readonly number: number; readonly certificate: Certificate } | undefined {
  const current = generations.find(({ state }) => state === 'current');
  const parsed = current === undefined ? undefined : parseCertificate(current.certificate);
  return current !== undefined && parsed?.ok === true && hasUsableKey(parsed.value) ? { number: current.number, certificate: parsed.value } : undefined;
}

/** What a CA here could have. */
const hasUsableKey = ({ publicKey }: Certificate): boolean => keyAlgorithmOf(publicKey) !== undefined;

async function makeAcceptance(deps: CourierDeps, name: string, { header, payload }: PairingFile<Payloads['invitation']>, actor: Actor): Outcome<Paired> {
  const { authority, machine } = payload;
  const current = currentOf(authority);
  if (current === undefined) throw new Error('an invitation without a readable CA certificate was not refused');
  const [keys, scep, ocsp] = await Promise.all([deps.courierKeys.generate(), makeOwnKey(deps, 'scep', current.number, current.certificate), makeOwnKey(deps, 'ocsp', current.number, current.certificate)]);
  const link: CourierLink = {
    ...base('listener', machineOf(name, keys), keys),
    id: header.pairing,
    state: 'accepted',
    authorityId: authority.id,
    authority: authority.commonName,
    peer: machine,
    createdAt: deps.clock.now(),
    wanted: [scep.wanted, ocsp.wanted],
  };
  const file = acceptanceOf(deps, link);
  const kept = await keep(deps, link, putKeys([keys.signing, keys.agreement, scep.key, ocsp.key]), [event('accepted', link, { own: fingerprintOf(deps, link.own), peer: header.from, peerName: machine.name })], actor);
  return kept.ok ? ok({ link, file }) : kept;
}

const requestsOf = ({ wanted }: CourierLink): readonly CarriedKeyRequest[] => wanted.map(({ kind, generation, csr }) => ({ kind, generation, csr: fromBase64(csr) ?? new Uint8Array(0) }));

function acceptanceOf(deps: CourierDeps, link: CourierLink): ExportedFile {
  if (link.peer === null) throw new Error('an acceptance has somebody who invited');
  const invitedBy = fingerprintOf(deps, link.peer);
  return courierFile(link, 'acceptance', writeOpen(deps, link, 'acceptance', invitedBy, { machine: link.own, invitedBy, wanted: requestsOf(link) }));
}

/** Signer: takes the acceptance and certifies the keys in it; once more: the same. Refused: what is wrong with the file; courier-fingerprint-differs, courier-paired-otherwise. */
export async function confirm(deps: CourierDeps, input: { readonly bytes: Uint8Array; readonly fingerprint: string }, actor: Actor): Outcome<Paired> {
  if (deps.vault.state() !== 'open') return err(LOCKED);
  const opened = openPairing(deps, input.bytes);
  if (!opened.ok) return refuseFile(deps, input.bytes, opened.error, actor);
  if (opened.value.kind !== 'acceptance') return refuseFile(deps, input.bytes, courierRefusal('courier-wrong-direction', 'it is an invitation, for the other machine'), actor);
  const { header, payload } = opened.value.file;
  const link = deps.directory.courierLinks().find(({ id, role }) => id === header.pairing && role === 'signer');
  if (link === undefined || header.to !== fingerprintOf(deps, link.own) || payload.invitedBy !== header.to) return refuseFile(deps, input.bytes, courierRefusal('courier-foreign', 'it accepts an invitation that was not written on this machine'), actor);
  if (header.from !== input.fingerprint) return refuseFile(deps, input.bytes, NOT_COMPARED, actor);
  if (link.peer !== null && fingerprintOf(deps, link.peer) !== header.from) {
    return refuseFile(deps, input.bytes, { code: 'courier-paired-otherwise', message: `This invitation was accepted already, by “${link.peer.name}”.`, hint: 'Write another invitation for another machine.' }, actor);
  }
  const certified = await certifyWanted(deps, link, payload.wanted, payload.machine.name, actor);
  if (!certified.ok) return refuseFile(deps, input.bytes, certified.error, actor);
  if (link.state === 'paired') return ok({ link, file: null });
  const paired: CourierLink = { ...link, version: link.version + 1, state: 'paired', peer: payload.machine, pairedAt: deps.clock.now() };
  const kept = await keep(deps, paired, [], [event('paired', paired, { peer: header.from, peerName: payload.machine.name })], actor);
  return kept.ok ? ok({ link: paired, file: null }) : kept;
}

async function certifyWanted(deps: CourierDeps, link: CourierLink, wanted: readonly CarriedKeyRequest[], holder: string, actor: Actor): Promise<Result<void, Refusal>> {
  const authority = deps.directory.authority(link.authorityId);
  if (authority === undefined) return err(UNKNOWN_AUTHORITY);
  if (new Set(wanted.map(({ kind, generation }) => `${kind} ${generation}`)).size !== wanted.length) return err(courierRefusal('courier-damaged', 'it asks for two keys of one kind'));
  for (const { kind, generation: number, csr } of wanted) {
    const generation = deps.directory.generation(authority.id, number);
    if (!generation?.certificate || !deps.signers.has(generation.keyId)) return err({ code: 'courier-no-key', message: `The key of generation ${number} is not on this machine.` });
    const done = await certifyKey(deps, { authority, generation, kind, csr, ocspDays: courierOcspDays(deps.directory.settings().crlDays), holder }, actor);
    if (!done.ok) return err(courierRefusal('courier-damaged', done.error));
  }
  return ok(undefined);
}

/** Ends a pairing: this machine's courier keys and what it knows of the other one go. Certificates stay. Refused: not-found. */
export async function end(deps: CourierDeps, input: { readonly link: string }, actor: Actor): Outcome<null> {
  const link = deps.directory.courierLinks().find(({ id }) => id === input.link);
  if (link === undefined) return err({ code: 'not-found', message: 'There is no such pairing here.' });
  const items = await deps.store.read.courierItems(link.id);
  const committed = await deps.store.commit({
    actor,
    at: deps.clock.now(),
    expect: [{ kind: 'version', table: 'courierLink', id: link.id, version: link.version }],
    changes: [
      ...items.map(({ id }): Change => ({ kind: 'remove', table: 'courierItem', id })),
      { kind: 'remove', table: 'courierLink', id: link.id },
      { kind: 'remove', table: 'key', id: link.signingKeyId },
      { kind: 'remove', table: 'key', id: link.agreementKeyId },
    ],
    audit: [event('ended', link)],
  });
  if (!committed.ok) return err(STALE);
  deps.courierKeys.forget([link.signingKeyId, link.agreementKeyId]);
  await deps.directory.refresh();
  deps.events.publish('status.changed');
  return ok(null);
}
