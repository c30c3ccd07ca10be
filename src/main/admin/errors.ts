/**
 * The one table from error codes to what a transport says: HTTP status for the web door, exit code for the command line.
 * A code that a use case may return and that is not here is found by the tests; text for humans comes with the refusal itself.
 */
import type { Reply } from '../../preload/contract/reply.ts';
import type { Refusal } from '../application/deps.ts';
import type { PlanRefusal } from '../application/enrolment.ts';
import type { BackupRefusalCode } from '../application/ports/backups.ts';
import type { KeyFileProblem } from '../application/ports/keyFiles.ts';
import type { VaultRefusal } from '../application/ports/vault.ts';
import type { CaCertificateProblem } from '../core/ca/caCertificate.ts';
import type { StepRefusal } from '../core/ca/rollover.ts';
import type { CaRequestProblem } from '../core/ca/caRequest.ts';
import type { CourierRefusalCode } from '../core/ca/courier.ts';
import type { RevocationProblem } from '../core/ca/revocation.ts';

/** What the door itself, the web door and the use cases say; reasons why a certificate cannot be made come from core. */
export type ErrorCode =
  | 'invalid-input'
  | 'unknown-channel'
  | 'not-found'
  | 'stale-version'
  | 'wrong-state'
  | 'already-told'
  | 'not-what-was-shown'
  | 'not-proven'
  | 'endpoint-gone'
  | 'csr-damaged'
  | 'signer-revoked'
  | 'in-use'
  | 'name-taken'
  | 'path-taken'
  | 'parent-unusable'
  | 'ec-needs-split'
  | 'awaiting-certificate'
  | 'no-signing-request'
  | 'already-installed'
  | 'already-here'
  | 'certificate-unreadable'
  | 'certificate-subject-differs'
  | 'not-published'
  | 'listener-not-ready'
  | 'dates-impossible'
  | 'backup-before-step-failed'
  | StepRefusal['code']
  | 'listener-unavailable'
  | 'already-initialised'
  | 'no-passphrase'
  | 'empty'
  | 'vault-empty'
  | 'locked'
  | 'window-locked'
  | 'no-window'
  | 'too-many-tries'
  | 'only-on-desktop'
  | 'desktop-failed'
  | 'busy'
  | 'disk-trouble'
  | 'backup-passphrase-needed'
  | 'schedule-damaged'
  | BackupRefusalCode
  | CourierRefusalCode
  | 'courier-not-paired'
  | 'courier-several'
  | 'courier-fingerprint-differs'
  | 'courier-paired-otherwise'
  | 'courier-authority-here'
  | 'courier-number-taken'
  | 'courier-needs-split'
  | 'courier-no-endpoint'
  | 'courier-no-key'
  | 'courier-decides'
  | 'other-kind'
  | 'several-authorities'
  | 'crl-number-too-large'
  | 'not-empty'
  | 'key-revoked'
  | 'data-folder-unusable'
  | 'internal'
  | 'unauthorized'
  | 'forbidden'
  | 'method-not-allowed'
  | 'unsupported-media-type'
  | 'too-large'
  | VaultRefusal['code']
  | RevocationProblem['code']
  | PlanRefusal['code']
  | CaCertificateProblem['code']
  | CaRequestProblem['code']
  | KeyFileProblem['code'];

const STATUS: Readonly<Record<ErrorCode, number>> = {
  'invalid-input': 400,
  'unknown-channel': 404,
  'not-found': 404,
  'stale-version': 409,
  'wrong-state': 409,
  'already-told': 409,
  'not-what-was-shown': 409,
  'not-proven': 409,
  'endpoint-gone': 409,
  'csr-damaged': 409,
  'signer-revoked': 409,
  'in-use': 409,
  'name-taken': 409,
  'path-taken': 409,
  'parent-unusable': 409,
  'ec-needs-split': 409,
  'awaiting-certificate': 409,
  'no-signing-request': 409,
  'already-installed': 409,
  'already-here': 409,
  'certificate-unreadable': 400,
  'certificate-subject-differs': 409,
  'rollover-not-now': 409,
  'activation-date-needed': 409,
  'certificates-issued': 409,
  'not-published': 409,
  'listener-not-ready': 409,
  'dates-impossible': 409,
  'backup-before-step-failed': 409,
  'no-certificate': 400,
  'certificate-key-differs': 409,
  'not-a-ca': 409,
  'ca-usage-missing': 409,
  'certificate-expired': 409,
  'certificate-not-yet-valid': 409,
  'certificate-unusable': 409,
  'signature-weak': 409,
  'chain-broken': 409,
  'path-length-exceeded': 409,
  'wrong-file-passphrase': 403,
  'file-passphrase-needed': 403,
  'file-unreadable': 400,
  'file-encryption-unsupported': 409,
  'no-key': 400,
  'several-keys': 400,
  'key-damaged': 409,
  'listener-unavailable': 409,
  'already-initialised': 409,
  'no-passphrase': 409,
  empty: 409,
  'vault-empty': 409,
  locked: 423,
  'window-locked': 423,
  'no-window': 409,
  'too-many-tries': 429,
  'only-on-desktop': 409,
  'desktop-failed': 409,
  busy: 429,
  'disk-trouble': 503,
  'backup-passphrase-needed': 400,
  'schedule-damaged': 409,
  'backup-foreign': 400,
  'backup-newer': 409,
  'backup-truncated': 409,
  'backup-damaged': 409,
  'wrong-backup-passphrase': 403,
  'backup-unreadable': 404,
  'backup-folder-unusable': 409,
  'courier-foreign': 409,
  'courier-damaged': 409,
  'courier-truncated': 409,
  'courier-newer': 409,
  'courier-wrong-direction': 409,
  'courier-replayed': 409,
  'courier-rollback': 409,
  'courier-too-large': 413,
  'courier-not-paired': 409,
  'courier-several': 409,
  'courier-fingerprint-differs': 409,
  'courier-paired-otherwise': 409,
  'courier-authority-here': 409,
  'courier-number-taken': 409,
  'courier-needs-split': 409,
  'courier-no-endpoint': 409,
  'courier-no-key': 409,
  'courier-decides': 409,
  'other-kind': 409,
  'several-authorities': 409,
  'crl-number-too-large': 409,
  'not-empty': 409,
  'key-revoked': 409,
  'data-folder-unusable': 409,
  internal: 500,
  unauthorized: 401,
  forbidden: 403,
  'method-not-allowed': 405,
  'unsupported-media-type': 415,
  'too-large': 413,
  'wrong-passphrase': 403,
  'passphrase-needed': 403,
  'passphrase-too-short': 400,
  'keychain-unavailable': 409,
  'keychain-key-missing': 409,
  'vault-damaged': 409,
  'already-revoked': 409,
  'not-revocable': 409,
  'not-held': 409,
  'csr-ca': 409,
  'csr-extension': 409,
  'csr-sid': 409,
  'csr-san': 409,
  'csr-extended-key-usage': 409,
  'csr-challenge': 409,
  'csr-subject': 409,
  'key-too-small': 409,
  'key-unsupported': 409,
  'key-weak': 409,
  'template-incomplete': 409,
  'template-invalid': 409,
  'name-constraints': 409,
  'csr-signature': 409,
  'csr-not-ca': 409,
  'own-key': 409,
  'authority-expired': 409,
  lint: 409,
};

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(STATUS, code);

/** 4xx for whatever the caller can mend, 503 for an outage, 500 for a bug. */
export const httpStatusOf = (code: string): number => (isErrorCode(code) ? STATUS[code] : 409);

export function failed({ code, message, hint }: Refusal): Reply {
  return { ok: false, error: hint === undefined ? { code, message } : { code, message, hint } };
}
