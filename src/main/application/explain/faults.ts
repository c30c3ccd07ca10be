/** Messages that were wrong in themselves (SCEP.md A5, A6, A9, B and C; PEERS.md 3). */
import type { FaultCode } from '../../core/scep/message.ts';
import { type Explanation, failed } from './explanation.ts';

const REFUSED = 'was refused with a signed answer';

const FETCH_AGAIN = 'On the device, delete the CA certificate that it keeps, fetch it again from this server (GetCACert) and enrol anew.';

export const FAULTS: Readonly<Record<FaultCode, Explanation>> = {
  'unsupported-digest': failed(
    REFUSED,
    'The message uses a digest that this endpoint does not take: MD5 always, SHA-1 where the endpoint is strict.',
    ['Set the device to SHA-256 (or SHA-1, if it has nothing better and the endpoint is not strict).', 'If the device cannot, make a separate endpoint with compatibility “legacy” for it, and close it when the device is gone.'],
    {
      'Cisco IOS': 'Set “hash sha256” in the trustpoint. The 12.x and 15.0 class knows only MD5 and single DES: it needs a legacy endpoint.',
      certmonger: 'Older versions fall back to MD5 when the capabilities do not name the digest that they prefer; update certmonger.',
      'MikroTik RouterOS': 'Old RouterOS falls back to GET, DES and MD5 when it does not read POSTPKIOperation in the capabilities: check that no proxy changes GetCACaps.',
      sscep: 'sscep falls back to MD5 when GetCACaps cannot be read: check that no proxy answers in this server’s place.',
    },
  ),
  'unsupported-signature-algorithm': failed(REFUSED, 'The message is signed with an algorithm that is not known here.', ['Use an RSA key with SHA-256; RSA-PSS, ECDSA and Ed25519 are taken where the digest is.'], {
    strongSwan: 'Leave out “--rsa-padding pss”, or give SHA-256 with it.',
  }),
  'unsupported-cipher': failed(
    REFUSED,
    'The request is encrypted with a cipher that this endpoint does not take: single DES outside of legacy endpoints, 3DES where the endpoint is strict, RC2 and Blowfish anywhere.',
    ['Set the device to AES-128 (or 3DES).', 'If the device knows only single DES, make a separate endpoint with compatibility “legacy” for it, and close it when the device is gone.'],
    {
      'Cisco IOS': 'The 2800 class sends single DES and needs a legacy endpoint.',
      'Go client (micromdm, step)': 'micromdm’s scepclient always encrypts with single DES: it needs a legacy endpoint.',
      certmonger: 'Versions that do not find DES3 in the capabilities use single DES: use an endpoint that is not strict.',
      'MikroTik RouterOS': 'RouterOS uses 3DES over POST and single DES over GET: check that its POST is not turned into GET by a proxy.',
      strongSwan: 'strongSwan 5.9.8 does not see AES unless the endpoint announces SHA-384: switch that on at the endpoint, or give “--cipher des3”.',
      'Juniper SRX': 'Set 3DES or AES for the enrolment.',
    },
  ),
  'unsupported-key-transport': failed(REFUSED, 'The key of the envelope was transported in a way that is not known here.', ['Use RSA PKCS #1 v1.5 or RSA-OAEP, which every known client does.']),
  'unsupported-recipient': failed(
    REFUSED,
    'The request is encrypted by a password or by key agreement, not to the RSA key that GetCACert names.',
    ['Let the device encrypt to the certificate of GetCACert. Where the CA’s key is EC, use split mode: its SCEP key is RSA.'],
  ),
  'bad-signature': failed(
    REFUSED,
    'The signature of the message does not fit its content: it was changed on its way, or the device signed with another key than the certificate in the message has.',
    ['Let the device make a new key and enrol anew.', 'If it happens again, look for a proxy between the device and this server that rewrites bodies.'],
  ),
  'unknown-message-type': failed(REFUSED, 'The message is of a type that no CA answers (UpdateReq is from drafts of SCEP before the standard).', ['Update the client, or switch its “update” or “re-key” operation to an ordinary renewal.']),
  'missing-envelope': failed(REFUSED, 'The message carries no encrypted request where one must be.', ['Update the client: a request without EnvelopedData is not SCEP.']),
  'unencrypted-content': failed(
    REFUSED,
    'The request, and with it the challenge, was sent in the clear.',
    ['Withdraw the challenge that was sent: it could be read on its way.', 'Let the device encrypt to the certificate of GetCACert.'],
  ),
  'wrong-recipient': failed(
    REFUSED,
    'The request is encrypted to a certificate that this server does not have the key of: the device keeps an older or another CA’s certificate, or chose the wrong one of a chain.',
    [FETCH_AGAIN, 'If GetCACert gives several certificates, set the endpoint to give a single one.'],
    {
      'Cisco IOS': 'Run “no crypto pki trustpoint …” and “crypto pki authenticate …” again; in split mode the trustpoint needs “enrollment mode ra”.',
      strongSwan: 'Give the certificate of the SCEP key with --cacert-enc: in split mode that is the file of --raout.',
      'Apple device': 'It encrypts to the first certificate of the chain: leave the order as the endpoint gives it, and export the profile anew after the CA changed.',
      sscep: 'Give the certificate of the SCEP key with -e; in split mode it is not the CA’s own.',
      certmonger: 'Remove the CA with “getcert remove-ca” and add it again; where CA and SCEP signer are one certificate, with -N ca.pem.',
      Windows: 'With a chain, the SCEP profile must name the certificate that issues, not the root.',
    },
  ),
  undecryptable: failed(
    REFUSED,
    'The envelope named the right key, and what came out of it could not be read as a request. Whether the key, the padding or the content was wrong is not told to anyone, because telling would help an attacker.',
    [FETCH_AGAIN, 'If only this device has the trouble, capture one of its messages and open it with “countersign inspect”.'],
  ),
  'signer-key-mismatch': failed(
    REFUSED,
    'The message is signed with another key than the one that is to be certified. Whoever captures a request could otherwise sign it anew and have the answer sent to himself.',
    ['For a first enrolment, let the device sign with its new key.', 'For a renewal, let it sign with its present certificate, and check that this certificate is of this endpoint’s authority, profile and still valid.'],
    { sscep: 'Renew with -O and -K: the old certificate and its key.' },
  ),
  'bad-attributes': failed(REFUSED, 'The signed attributes that SCEP needs (transactionID, messageType, senderNonce) are missing, repeated or of the wrong type.', ['Update the client: no answer could be matched to such a message.']),
  'unreplyable-key': failed(
    REFUSED,
    'The device’s key can only sign (EC or Ed25519), so the answer has to be encrypted with the challenge password, and the request has none.',
    ['Give the device an RSA key.', 'Or give it a challenge: an answer to an EC key is encrypted with it, in renewals too. Few clients can read such an answer.'],
    { 'Apple device': 'Use an RSA key: Apple’s SCEP client knows nothing else.', strongSwan: 'Use an RSA key: pki --scep knows nothing else.' },
  ),
};
