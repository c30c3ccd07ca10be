/** courier.*: from each channel to its use case, and pairings in the contract's written form. */
import { fromBase64, toBase64, toHex, toPem } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import { type Result, ok } from '../core/lib/result.ts';
import type { Actor } from '../core/ca/audit.ts';
import type { ExportedFile } from '../application/certificates.ts';
import type { CourierDeps } from '../application/courier/deps.ts';
import { type CarriedCrl, exportCertificates } from '../application/courier/exportCertificates.ts';
import { exportRequests } from '../application/courier/exportRequests.ts';
import { importCertificates } from '../application/courier/importCertificates.ts';
import { importRequests } from '../application/courier/importRequests.ts';
import { type Paired, type ShownPairing, accept, confirm, end, invite, readPairing } from '../application/courier/pair.ts';
import { type LinkView, listLinks, viewAfter } from '../application/courier/status.ts';
import type { Outcome, Refusal } from '../application/deps.ts';
import type { Parsed } from '../../preload/contract/contract.ts';
import type { Shown } from './present.ts';

const bytesOf = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array(0);

const presentFile = ({ name, mediaType, bytes }: ExportedFile): Shown<'certificates.export'> => ({ name, mediaType, base64: toBase64(bytes) });

const presentCrls = (crls: readonly CarriedCrl[]): Shown<'courier.exportCertificates'>['crls'] => crls.map((crl) => ({ ...crl, nextUpdate: toIso(crl.nextUpdate) }));

export const presentLink = ({ link, ownFingerprint, peerFingerprint, waiting, due }: LinkView): Shown<'courier.status'>['links'][number] => ({
  id: link.id,
  role: link.role,
  state: link.state,
  authorityId: link.role === 'listener' && link.state !== 'paired' ? null : link.authorityId,
  authority: link.authority,
  own: { name: link.own.name, fingerprint: ownFingerprint },
  peer: link.peer === null || peerFingerprint === null ? null : { name: link.peer.name, fingerprint: peerFingerprint },
  createdAt: toIso(link.createdAt),
  pairedAt: link.pairedAt === null ? null : toIso(link.pairedAt),
  exported: link.sent === null ? null : { sequence: link.sent.sequence, at: toIso(link.sent.at), arrived: link.peerGot >= link.sent.sequence },
  imported: link.received === null ? null : { sequence: link.received.sequence, at: toIso(link.received.at) },
  waiting,
  due: due === null ? null : { ...due, at: toIso(due.at) },
});

const presentShown = (deps: CourierDeps, { authority, writtenAt, wanted, ...shown }: ShownPairing): NonNullable<Shown<'courier.pair'>['shown']> => ({
  ...shown,
  authority: { commonName: authority.commonName, certificatePem: toPem('CERTIFICATE', authority.certificate), sha256: toHex(deps.crypto.digest('sha256', authority.certificate)) },
  wanted: [...wanted],
  writtenAt: toIso(writtenAt),
});

/** The use case's value with its pairing as it is after it. */
async function shownWithLink<T extends { readonly link: Paired['link'] }, S>(deps: CourierDeps, outcome: Outcome<T>, present: (value: T, link: Shown<'courier.status'>['links'][number]) => S): Promise<Result<S, Refusal>> {
  const result = await viewAfter(deps, outcome);
  return result.ok ? ok(present(result.value, presentLink(result.value.view))) : result;
}

export const courierStatus = async (deps: CourierDeps): Outcome<Shown<'courier.status'>> => ok({ links: (await listLinks(deps)).map(presentLink) });

export async function courierPair(deps: CourierDeps, input: Parsed<'courier.pair'>, actor: Actor): Outcome<Shown<'courier.pair'>> {
  const paired = (outcome: Outcome<Paired>): Outcome<Shown<'courier.pair'>> => shownWithLink(deps, outcome, ({ file }, link) => ({ link, file: file === null ? null : presentFile(file), shown: null }));
  switch (input.step) {
    case 'invite':
      return paired(invite(deps, input, actor));
    case 'read': {
      const read = await readPairing(deps, bytesOf(input.file));
      return read.ok ? ok({ link: null, file: null, shown: presentShown(deps, read.value) }) : read;
    }
    case 'accept':
      return paired(accept(deps, { bytes: bytesOf(input.file), fingerprint: input.fingerprint, name: input.name }, actor));
    case 'confirm':
      return paired(confirm(deps, { bytes: bytesOf(input.file), fingerprint: input.fingerprint }, actor));
    case 'end': {
      const ended = await end(deps, { link: input.link }, actor);
      return ended.ok ? ok({ link: null, file: null, shown: null }) : ended;
    }
  }
}

export const courierExportRequests = (deps: CourierDeps, input: Parsed<'courier.exportRequests'>, actor: Actor): Outcome<Shown<'courier.exportRequests'>> =>
  shownWithLink(deps, exportRequests(deps, input, actor), ({ file, sequence, requests, granted, revocations, certificates }, link) => ({ link, file: presentFile(file), sequence, requests, granted, revocations, certificates }));

export const courierImportRequests = (deps: CourierDeps, { file, acceptGranted }: Parsed<'courier.importRequests'>, actor: Actor): Outcome<Shown<'courier.importRequests'>> =>
  shownWithLink(deps, importRequests(deps, { bytes: bytesOf(file), acceptGranted }, actor), ({ sequence, already, arrived, issued, known, closed, revoked, certificates, findings }, link) => ({
    ...{ link, sequence, already, arrived, issued, known, closed, revoked, certificates },
    findings: [...findings],
  }));

export const courierExportCertificates = (deps: CourierDeps, input: Parsed<'courier.exportCertificates'>, actor: Actor): Outcome<Shown<'courier.exportCertificates'>> =>
  shownWithLink(deps, exportCertificates(deps, input, actor), ({ file, sequence, issued, refused, undecided, revoked, crls, findings }, link) => ({
    ...{ link, file: presentFile(file), sequence, issued, refused, undecided, revoked },
    crls: presentCrls(crls),
    findings: [...findings],
  }));

export const courierImportCertificates = (deps: CourierDeps, { file }: Parsed<'courier.importCertificates'>, actor: Actor): Outcome<Shown<'courier.importCertificates'>> =>
  shownWithLink(deps, importCertificates(deps, { bytes: bytesOf(file) }, actor), ({ sequence, already, issued, refused, undecided, revoked, released, crls, certificates, findings }, link) => ({
    ...{ link, sequence, already, issued, refused, undecided, revoked, released, certificates },
    crls: presentCrls(crls),
    findings: [...findings],
  }));
