/**
 * What a device is told about a message that is wrong: the one table from fault to failInfo and words (RFC 8894 section 3.2.1.4, SCEP.md A8.17).
 * The words go out as failInfoText and are written for whoever administers the device; what exactly was met stays in the CA's log.
 */
import type { FailInfo, FaultCode } from './message.ts';

/** failInfo as it is written (RFC 8894 section 3.2.1.4.1). */
export const FAIL_INFO_NUMBER: Readonly<Record<FailInfo, number>> = { badAlg: 0, badMessageCheck: 1, badRequest: 2, badTime: 3, badCertId: 4 };

export interface FailInfoAndText {
  readonly failInfo: FailInfo;
  readonly text: string;
}

const TABLE: Readonly<Record<FaultCode, FailInfoAndText>> = {
  'unsupported-digest': { failInfo: 'badAlg', text: 'The digest algorithm is not accepted here. Set the device to SHA-256, or ask for a legacy endpoint.' },
  'unsupported-signature-algorithm': { failInfo: 'badAlg', text: 'The signature algorithm is not accepted here. Use RSA with SHA-256.' },
  'unsupported-cipher': {
    failInfo: 'badAlg',
    text: 'The encryption algorithm is not accepted here. Set the device to AES (or 3DES), or ask for a legacy endpoint.',
  },
  'unsupported-key-transport': { failInfo: 'badAlg', text: 'The key transport algorithm is not accepted here. Use RSA PKCS#1 v1.5 or OAEP.' },
  'unsupported-recipient': {
    failInfo: 'badAlg',
    text: 'The request must be encrypted to the RSA key of the certificate that GetCACert returns, not by a password or key agreement.',
  },
  'bad-signature': { failInfo: 'badMessageCheck', text: 'The signature of the message is wrong.' },
  'unknown-message-type': { failInfo: 'badRequest', text: 'The messageType is not one that this CA answers.' },
  'missing-envelope': { failInfo: 'badRequest', text: 'The message carries no readable encrypted request (EnvelopedData).' },
  'unencrypted-content': { failInfo: 'badRequest', text: 'The request is not encrypted. Encrypt it to the certificate that GetCACert returns.' },
  'wrong-recipient': { failInfo: 'badRequest', text: 'The request is encrypted to another certificate. Fetch the CA certificate again (GetCACert) and retry.' },
  // One text for every way in which an envelope or what is in it can be wrong: anything finer is an oracle (SCEP.md A8.18).
  undecryptable: {
    failInfo: 'badRequest',
    text: 'The encrypted request could not be read. Fetch the CA certificate again (GetCACert), make a new request and retry.',
  },
  'signer-key-mismatch': { failInfo: 'badMessageCheck', text: 'The message is not signed with the key that the certificate is requested for.' },
  'bad-attributes': { failInfo: 'badRequest', text: 'The signed attributes of the message are missing, repeated or of the wrong type.' },
  'unreplyable-key': {
    failInfo: 'badAlg',
    text: 'The reply cannot be encrypted: a key that is not RSA needs a challengePassword in the request. Use an RSA key or set a challenge.',
  },
};

/** The failInfo and the words for a fault. */
export const failInfoFor = (code: FaultCode): FailInfoAndText => TABLE[code];
