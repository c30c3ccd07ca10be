/**
 * What a device is told when the CA says no: the one table from refusal codes to failInfo (faults of the message itself have theirs in core/scep/failInfo).
 * Every way in which a challenge can be wrong gives the same words, so that nobody can tell an expired password from an invented one (SCEP.md A7.6).
 */
import type { FailInfo, Reply } from '../../core/scep/message.ts';
import type { RefusalCode } from '../../core/ca/judge.ts';
import type { PlanRefusal } from '../enrolment.ts';

export type DeviceRefusalCode =
  | RefusalCode
  | PlanRefusal['code']
  | 'endpoint-disabled'
  | 'no-authority'
  | 'queue-full'
  | 'transaction-reused'
  | 'unknown-transaction'
  | 'unknown-certificate'
  | 'not-our-signer'
  | 'no-crl'
  | 'refused-by-admin'
  | 'lapsed'
  | 'superseded'
  | 'certificate-revoked'
  | 'unreplyable-key';

export interface DeviceRefusal {
  readonly code: DeviceRefusalCode;
  /** For the admin: what exactly was met. The device is told the same words unless `SPOKEN` has others. */
  readonly text: string;
}

const FAIL_INFO: Readonly<Record<DeviceRefusalCode, FailInfo>> = {
  'challenge-missing': 'badRequest',
  'challenge-unknown': 'badRequest',
  'challenge-spent': 'badRequest',
  'challenge-expired': 'badRequest',
  'challenge-withdrawn': 'badRequest',
  'challenge-mismatch': 'badRequest',
  'signer-key-mismatch': 'badMessageCheck',
  'signer-revoked': 'badRequest',
  'signer-expired': 'badRequest',
  'signer-foreign': 'badRequest',
  'renewal-refused': 'badRequest',
  'renewal-too-early': 'badRequest',
  'renewal-subject': 'badRequest',
  'renewal-exceeds': 'badRequest',
  'key-certified-elsewhere': 'badRequest',
  'csr-ca': 'badRequest',
  'csr-extension': 'badRequest',
  'csr-sid': 'badRequest',
  'csr-san': 'badRequest',
  'csr-extended-key-usage': 'badRequest',
  'csr-challenge': 'badRequest',
  'csr-subject': 'badRequest',
  'key-unsupported': 'badAlg',
  'key-too-small': 'badRequest',
  'key-weak': 'badRequest',
  'template-incomplete': 'badRequest',
  'template-invalid': 'badRequest',
  'name-constraints': 'badRequest',
  'authority-expired': 'badRequest',
  lint: 'badRequest',
  'endpoint-disabled': 'badRequest',
  'no-authority': 'badRequest',
  'queue-full': 'badRequest',
  'transaction-reused': 'badRequest',
  'unknown-transaction': 'badCertId',
  'unknown-certificate': 'badCertId',
  'not-our-signer': 'badRequest',
  'no-crl': 'badCertId',
  'refused-by-admin': 'badRequest',
  lapsed: 'badRequest',
  superseded: 'badRequest',
  'certificate-revoked': 'badRequest',
  'unreplyable-key': 'badAlg',
};

const CHALLENGE = 'The challenge password was not accepted. Ask the administrator for a new one.';

const SPOKEN: Partial<Readonly<Record<DeviceRefusalCode, string>>> = {
  'challenge-unknown': CHALLENGE,
  'challenge-spent': CHALLENGE,
  'challenge-expired': CHALLENGE,
  'challenge-withdrawn': CHALLENGE,
  'challenge-mismatch': CHALLENGE,
};

/** A refusal's words as a sentence of their own. */
export const sentence = (text: string): string => {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
};

export const failureFor = (refusal: DeviceRefusal): Extract<Reply, { kind: 'failure' }> => ({
  kind: 'failure',
  failInfo: FAIL_INFO[refusal.code],
  text: SPOKEN[refusal.code] ?? sentence(refusal.text),
});
