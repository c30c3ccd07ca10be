/**
 * From each channel to its use case and back to the contract's written form. Nothing is decided here; a channel without a handler does not compile.
 */
import { toBase64, toPem } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import { type Result, ok } from '../core/lib/result.ts';
import { type Actor } from '../core/ca/audit.ts';
import { type KeyAlgorithm, type ScepKeyMode, needsSplit } from '../core/ca/authority.ts';
import { getAuthorityDetail } from '../application/authorityDetail.ts';
import { approveMany, approveRequest } from '../application/approve.ts';
import { exportAudit, listAudit, verifyAudit } from '../application/audit.ts';
import { importAuthority } from '../application/authorities/importAuthority.ts';
import { installCertificate } from '../application/authorities/installCertificate.ts';
import { requestAuthority } from '../application/authorities/signingRequest.ts';
import { createBackup } from '../application/backups/make.ts';
import { listBackups, verifyBackup } from '../application/backups/list.ts';
import type { BackupDeps } from '../application/backups/records.ts';
import { scheduleBackups } from '../application/backups/schedule.ts';
import { createAuthority, exportAuthority, listAuthorities } from '../application/authorities.ts';
import { type ExportedFile, exportCertificate, getCertificate, listCertificates, releaseCertificate, revokeCertificate } from '../application/certificates.ts';
import { createChallenge, getChallenge, listChallenges, withdrawChallenge } from '../application/challenges.ts';
import { getCrl, publishCrl } from '../application/crls.ts';
import type { CourierDeps } from '../application/courier/deps.ts';
import type { Outcome } from '../application/deps.ts';
import { type DesktopDeps, configureDesktop, desktopStatus, saveFile } from '../application/desktop.ts';
import { listEndpoints, removeEndpoint, saveEndpoint } from '../application/endpoints.ts';
import type { IssuingDeps } from '../application/issue.ts';
import { inspectCapture } from '../application/inspect.ts';
import { buildKit, listKitTargets } from '../application/kits/build.ts';
import { configureListener, testListener } from '../application/listener.ts';
import { previewProfile } from '../application/profilePreview.ts';
import { listProfiles, removeProfile, saveProfile } from '../application/profiles.ts';
import type { MigrationDeps } from '../application/migration/decide.ts';
import { getRequest, listRequests, matchRequests, refuseRequest, reopenRequest } from '../application/requests.ts';
import type { Contacts } from '../application/scep/contacts.ts';
import { getSettings, updateSettings } from '../application/settings.ts';
import { getHistory, getStatus } from '../application/status.ts';
import { getTransaction, listTransactions } from '../application/transactions.ts';
import { changePassphrase, initializeVault, lockVault, unlockVault, vaultStatus } from '../application/vault.ts';
import { type WindowSession, lockWindow, unlockWindow, windowStatus } from '../application/window.ts';
import type { Channel } from '../../preload/contract/channels.ts';
import type { Parsed } from '../../preload/contract/contract.ts';
import { fromBase64 } from '../core/lib/bytes.ts';
import { courierExportCertificates, courierExportRequests, courierImportCertificates, courierImportRequests, courierPair, courierStatus } from './courierHandlers.ts';
import { migrationHandlers } from './handlersMigration.ts';
import { pageOfAll } from './page.ts';
import { presentBackups, presentMadeBackup, presentProof } from './presentBackups.ts';
import {
  type Shown,
  presentAuditEntry,
  presentArrived,
  presentAuthority,
  presentCertificate,
  presentChallenge,
  presentCrl,
  presentEndpoint,
  presentListener,
  presentMatch,
  presentPage,
  presentProfilePreview,
  presentRequest,
  presentRequestDetail,
  presentStatus,
} from './present.ts';
import { presentAuthorityDetail, presentCertificateDetail, presentDays, presentTransaction, presentTransactionDetail } from './presentDetail.ts';

export type AdminDeps = IssuingDeps & CourierDeps & DesktopDeps & BackupDeps & MigrationDeps & { readonly contacts: Contacts };

export interface Handler<C extends Channel> {
  /** Refused with `locked` or `empty` while no key is in memory. Reads go on, and so do decisions that sign nothing. */
  readonly needsKeys: boolean;
  readonly run: (deps: AdminDeps, input: Parsed<C>, actor: Actor, window: WindowSession | undefined) => Outcome<Shown<C>>;
}

const open = <C extends Channel>(run: Handler<C>['run']): Handler<C> => ({ needsKeys: false, run });
const keyed = <C extends Channel>(run: Handler<C>['run']): Handler<C> => ({ needsKeys: true, run });

/** The outcome with its value shown. */
async function shown<T, S>(outcome: Outcome<T>, present: (value: T) => S): Outcome<S> {
  const result = await outcome;
  return result.ok ? ok(present(result.value)) : result;
}

const presentFile = ({ name, mediaType, bytes }: ExportedFile): Shown<'certificates.export'> => ({ name, mediaType, base64: toBase64(bytes) });

const usualScepKey = (key: KeyAlgorithm): ScepKeyMode => (needsSplit(key) ? 'split' : 'combined');

/** What is no base64 is an empty file to a use case, which says that it cannot be read. */
const bytesOf = (base64: string): Uint8Array => fromBase64(base64) ?? new Uint8Array(0);

export const handlers: { readonly [C in Channel]: Handler<C> } = {
  'status.get': open(async (deps) => ok(presentStatus(await getStatus(deps)))),
  'status.history': open(async (deps, input) => ok(presentDays(await getHistory(deps, input)))),

  'vault.status': open(async (deps) => ok(await vaultStatus(deps))),
  'vault.initialize': open((deps, input, actor) => initializeVault(deps, input, actor)),
  'vault.unlock': open((deps, input, actor) => unlockVault(deps, input, actor)),
  'vault.lock': open((deps, _input, actor) => lockVault(deps, actor)),
  'vault.changePassphrase': open((deps, input, actor) => changePassphrase(deps, input, actor)),

  'listener.get': open(async (deps) => ok(presentListener(deps.listener.state(), deps.contacts.last()))),
  'listener.interfaces': open(async (deps) => ok({ items: deps.listener.interfaces() })),
  'listener.test': open(async (deps, input) => ok(await testListener(deps, input))),
  'listener.configure': open((deps, input, actor) => configureListener(deps, input, actor)),

  'authorities.create': keyed((deps, input, actor) =>
    shown(createAuthority(deps, { ...input, scepKey: input.scepKey ?? usualScepKey(input.key) }, actor), ({ authority }) => presentAuthority(deps, authority)),
  ),
  'authorities.signingRequest': keyed((deps, input, actor) =>
    shown(requestAuthority(deps, { ...input, scepKey: input.scepKey ?? usualScepKey(input.key) }, actor), ({ authority, name, der, sha256 }) => ({
      authority: presentAuthority(deps, authority),
      name,
      csrPem: toPem('CERTIFICATE REQUEST', der),
      sha256,
    })),
  ),
  'authorities.installCertificate': keyed((deps, { id, files }, actor) => shown(installCertificate(deps, { id, files: files.map(bytesOf) }, actor), (arrived) => presentArrived(deps, arrived))),
  'authorities.import': keyed((deps, { files, passphrase }, actor) => shown(importAuthority(deps, { files: files.map(bytesOf), passphrase }, actor), (arrived) => presentArrived(deps, arrived))),
  'authorities.list': open((deps, input) =>
    shown(listAuthorities(deps), (all) =>
      presentPage(
        pageOfAll(
          all.map(({ authority }) => authority),
          input,
          ({ id }) => id,
          ({ commonName, organization }) => `${commonName} ${organization ?? ''}`,
        ),
        (authority) => presentAuthority(deps, authority),
      ),
    ),
  ),
  'authorities.get': open((deps, input) => shown(getAuthorityDetail(deps, input), (detail) => presentAuthorityDetail(deps, detail))),
  'authorities.export': open((deps, { id, format }) => shown(exportAuthority(deps, { id, form: format }), presentFile)),

  'endpoints.list': open(async (deps, input) =>
    ok(
      presentPage(
        pageOfAll(
          listEndpoints(deps),
          input,
          ({ id }) => id,
          ({ path, profileId }) => `${path} ${profileId}`,
        ),
        (endpoint) => presentEndpoint(deps, endpoint),
      ),
    ),
  ),
  'endpoints.save': open((deps, input, actor) => shown(saveEndpoint(deps, input, actor), (endpoint) => presentEndpoint(deps, endpoint))),
  'endpoints.remove': open((deps, input, actor) => removeEndpoint(deps, input, actor)),

  'profiles.list': open(async (deps, input) =>
    ok(
      presentPage(
        pageOfAll(
          listProfiles(deps),
          input,
          ({ id }) => id,
          ({ id, name }) => `${id} ${name}`,
        ),
        (profile) => profile,
      ),
    ),
  ),
  'profiles.save': open((deps, input, actor) => saveProfile(deps, input, actor)),
  'profiles.preview': open((deps, input) => shown(previewProfile(deps, input), presentProfilePreview)),
  'profiles.remove': open((deps, input, actor) => removeProfile(deps, input, actor)),

  'requests.list': open((deps, input) => shown(listRequests(deps, input), (page) => presentPage(page, (request) => presentRequest(deps, request)))),
  'requests.get': open((deps, input) => shown(getRequest(deps, input), (detail) => presentRequestDetail(deps, detail))),
  'requests.approve': keyed((deps, input, actor) => shown(approveRequest(deps, input, actor), (request) => presentRequest(deps, request))),
  'requests.approveMany': keyed((deps, input, actor) =>
    shown(approveMany(deps, { requests: input.items }, actor), (outcomes) => ({
      items: outcomes.map(({ id, result }) => (result.ok ? { ok: true as const, id, request: presentRequest(deps, result.value) } : { ok: false as const, id, error: result.error })),
    })),
  ),
  'requests.refuse': open((deps, input, actor) => shown(refuseRequest(deps, input, actor), (request) => presentRequest(deps, request))),
  'requests.reopen': open((deps, input, actor) => shown(reopenRequest(deps, input, actor), (request) => presentRequest(deps, request))),
  'requests.match': open((deps, input, actor) => shown(matchRequests(deps, input, actor), (match) => presentMatch(deps, match))),

  'challenges.create': keyed((deps, input, actor) =>
    shown(createChallenge(deps, input, actor), ({ challenge, password }) => ({ id: challenge.id, password, expiresAt: toIso(challenge.expiresAt) })),
  ),
  'challenges.list': open(async (deps, input) => ok(presentPage(await listChallenges(deps, input), presentChallenge))),
  'challenges.get': open((deps, input) => shown(getChallenge(deps, input), presentChallenge)),
  'challenges.withdraw': open((deps, input, actor) => shown(withdrawChallenge(deps, input, actor), presentChallenge)),

  'certificates.list': open((deps, input) => shown(listCertificates(deps, input), (page) => presentPage(page, (record) => presentCertificate(deps, record)))),
  'certificates.get': open((deps, input) => shown(getCertificate(deps, input), (detail) => presentCertificateDetail(deps, detail))),
  'certificates.revoke': open((deps, input, actor) => shown(revokeCertificate(deps, input, actor), (record) => presentCertificate(deps, record))),
  'certificates.release': open((deps, input, actor) => shown(releaseCertificate(deps, input, actor), (record) => presentCertificate(deps, record))),
  'certificates.export': open((deps, { id, format }) => shown(exportCertificate(deps, { id, form: format }), presentFile)),

  'crls.publish': keyed((deps, input, actor) => shown(publishCrl(deps, input, actor), presentCrl)),
  'crls.get': open((deps, input) => shown(getCrl(deps, input), presentCrl)),

  'transactions.list': open(async (deps, input) => ok(presentPage(await listTransactions(deps, input), presentTransaction))),
  'transactions.get': open((deps, input) => shown(getTransaction(deps, input), presentTransactionDetail)),

  'audit.list': open((deps, input) => shown(listAudit(deps, input), (page) => presentPage(page, presentAuditEntry))),
  'audit.verify': open(async (deps) => ok(await verifyAudit(deps))),
  'audit.export': open(async (deps) => ok({ name: 'countersign-audit.ndjson', mediaType: 'application/x-ndjson', text: await exportAudit(deps) })),

  'backups.create': keyed((deps, input, actor) => shown(createBackup(deps, input, actor), presentMadeBackup)),
  'backups.list': open(async (deps) => ok(presentBackups(await listBackups(deps)))),
  'backups.verify': open((deps, { path, base64, passphrase }, actor) =>
    shown(verifyBackup(deps, { source: path === undefined ? { bytes: bytesOf(base64 ?? '') } : { path }, passphrase }, actor), (proof) => presentProof(deps, proof)),
  ),
  'backups.schedule': keyed(async (deps, input, actor) => {
    const set = await scheduleBackups(deps, input, actor);
    return set.ok ? ok(presentBackups(await listBackups(deps))) : set;
  }),

  ...migrationHandlers,

  'courier.status': open((deps) => courierStatus(deps)),
  'courier.pair': keyed((deps, input, actor) => courierPair(deps, input, actor)),
  'courier.exportRequests': keyed((deps, input, actor) => courierExportRequests(deps, input, actor)),
  'courier.importRequests': keyed((deps, input, actor) => courierImportRequests(deps, input, actor)),
  'courier.exportCertificates': keyed((deps, input, actor) => courierExportCertificates(deps, input, actor)),
  'courier.importCertificates': keyed((deps, input, actor) => courierImportCertificates(deps, input, actor)),

  'settings.get': open(async (deps) => ok(getSettings(deps))),
  'settings.update': open((deps, input, actor) => updateSettings(deps, input, actor)),

  'diagnostics.inspect': open(async (deps, input): Promise<Result<Shown<'diagnostics.inspect'>, never>> => ok(inspectCapture(fromBase64(input.base64) ?? new Uint8Array(0), { crypto: deps.crypto }))),

  'kits.targets': open(async () => ok({ items: listKitTargets() })),
  'kits.build': open((deps, input) => shown(buildKit(deps, input), ({ files, text }) => ({ files: files.map(presentFile), text }))),

  'window.status': open(async (deps, _input, _actor, window) => ok(windowStatus(deps, window))),
  'window.lock': open((deps, _input, actor, window) => lockWindow(deps, window, actor)),
  'window.unlock': open((deps, input, actor, window) => unlockWindow(deps, window, input, actor)),

  'desktop.get': open(async (deps) => ok(await desktopStatus(deps))),
  'desktop.configure': open((deps, input, actor) => configureDesktop(deps, input, actor)),
  'desktop.saveFile': open((deps, input) => saveFile(deps, input)),
};
