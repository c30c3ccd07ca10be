/** Messages that were in order, and to which the CA said no (SCEP.md A7, A10, F2 and C; PEERS.md 3). */
import type { FaultCode } from '../../core/scep/message.ts';
import type { DeviceRefusalCode } from '../scep/refusals.ts';
import { type Explanation, failed } from './explanation.ts';

const REFUSED = 'was refused with a signed answer';
const NEW_CHALLENGE = 'Create a new challenge and give it to the device.';
const LOOK_AT_PROFILE = 'Ask for less on the device, or allow it in the certificate profile of the endpoint.';

const WHERE_CHALLENGES_STAND = {
  'Cisco IOS': 'IOS asks for the password when it enrols; “password” in the trustpoint keeps an old one.',
  'Apple device': 'The challenge stands in the SCEP payload: build the profile anew with a new one.',
  FortiOS: 'FortiOS keeps the SCEP password and sends it again with every automatic renewal: use a challenge with several uses, or let it renew by its certificate.',
  Intune: 'Intune puts a challenge of its own into each request, which only Intune can check: set the endpoint to hold requests for your decision.',
};

const badChallenge = (cause: string, ...first: readonly string[]): Explanation => failed(REFUSED, cause, [...first, NEW_CHALLENGE], WHERE_CHALLENGES_STAND);

const renewalRefused = (cause: string, ...fixes: readonly string[]): Explanation => failed(REFUSED, cause, fixes);

export const REFUSALS: Readonly<Record<Exclude<DeviceRefusalCode, FaultCode>, Explanation>> = {
  'challenge-missing': failed(REFUSED, 'This endpoint takes only requests with a challenge password, and the request has none.', [NEW_CHALLENGE, 'Or let the endpoint hold requests without a challenge for your decision.'], WHERE_CHALLENGES_STAND),
  'challenge-unknown': badChallenge('The challenge password is none that was made here: mistyped, of another server, or made up.'),
  'challenge-spent': badChallenge('The challenge has been used as often as it may be.', 'If nobody you know of used it, find out who did: the certificates that it gave stand in the log.'),
  'challenge-expired': badChallenge('The challenge is past its time.', 'The lifetime of new challenges stands in the settings.'),
  'challenge-withdrawn': badChallenge('The challenge was withdrawn by an admin.'),
  'challenge-mismatch': badChallenge('The challenge is bound to another subject, name, endpoint or profile than the request has.', 'Compare what the challenge is bound to with what the device asks for, letter by letter.'),
  'signer-revoked': renewalRefused('The certificate that signed the message has been revoked or is on hold.', 'If the hold was a mistake, release the certificate.', 'Otherwise let the device make a new key and enrol with a challenge.'),
  'signer-expired': renewalRefused('The certificate that signed the message has expired, so it proves nothing any more.', 'Let the device enrol anew with a challenge.', 'Let devices renew earlier: the profile’s renewal window says from when they may.'),
  'signer-foreign': renewalRefused('The message is signed by a certificate of another CA.', 'Let the device enrol with a challenge.', 'If it was moved here from another CA, delete its old enrolment on the device first.'),
  'renewal-refused': renewalRefused('The endpoint does not renew by certificate.', 'Let the device enrol anew with a challenge, or allow renewal at the endpoint.'),
  'renewal-too-early': renewalRefused('The profile’s renewal window has not opened yet, and the endpoint refuses early renewals.', 'Let the device wait, or widen the renewal window of the profile.'),
  'renewal-subject': renewalRefused('A renewal must keep the subject of the certificate that it renews, and this one asks for another.', 'Set the device to its former subject, or let it enrol anew with a challenge under the new one.'),
  'renewal-exceeds': renewalRefused('The renewal asks for a name or a usage that the old certificate does not have.', 'Let the device ask for what it has, or let it enrol anew with a challenge.'),
  'key-certified-elsewhere': renewalRefused('The key is certified already for another subject: a copied disk, a restored backup, or somebody else’s key.', 'Let the device make a new key.', 'If the other certificate is no longer used, revoke it.'),
  'csr-ca': failed(REFUSED, 'The request asks to become a CA.', ['Take “CA:TRUE”, keyCertSign and cRLSign out of the device’s request. Devices get no CA certificates.']),
  'csr-extension': failed(REFUSED, 'The request asks for an extension that is not given to devices, or marks an unknown one as critical.', ['Take the extension out of the device’s request; the certificate profile says what certificates contain.']),
  'csr-sid': failed(
    REFUSED,
    'The request carries a Microsoft security identifier (SID). Whoever may choose it could sign in as another account of the domain.',
    ['Take the SID out of the request’s template.'],
    { Intune: 'Take the attribute {{OnPremisesSecurityIdentifier}} out of the SCEP profile’s subject alternative names.' },
  ),
  'csr-san': failed(REFUSED, 'The request asks for an alternative name that the certificate profile does not allow, or that is none.', [LOOK_AT_PROFILE]),
  'csr-extended-key-usage': failed(REFUSED, 'The request asks for an extended key usage that the certificate profile does not give.', [LOOK_AT_PROFILE], {
    Intune: 'The usages of the SCEP profile must be among those of the certificate profile here: Intune wants exactly what it asked for.',
  }),
  'csr-challenge': failed(REFUSED, 'The request carries more than one challenge password.', ['Let the device send one; a request with several is no honest one.']),
  'csr-subject': failed(REFUSED, 'The request names nobody: it has neither a subject nor an alternative name.', ['Set a subject on the device, or a subject template in the certificate profile.'], {
    'Cisco IOS': 'Set “subject-name” in the trustpoint.',
    'MikroTik RouterOS': 'Set a common name in the certificate template.',
  }),
  'key-unsupported': failed(REFUSED, 'The device’s key is of a type that is not certified here.', ['Use RSA with 2048 to 8192 bits, EC P-256, P-384 or P-521, or Ed25519.']),
  'key-too-small': failed(
    REFUSED,
    'The device’s RSA key has fewer than 2048 bits (1024 at a legacy endpoint).',
    ['Let the device make a key of 2048 bits or more.'],
    { 'Apple device': 'Set “Key Size” to 2048 in the SCEP payload: it is 1024 where nothing is set.', 'MikroTik RouterOS': 'Set key-size=2048: old versions make 1024 bits.', 'Cisco IOS': 'Give “rsakeypair NAME 2048” in the trustpoint.' },
  ),
  'key-weak': failed(REFUSED, 'The device’s key can be broken: its numbers have a known weakness.', ['Update the device’s firmware, let it make a new key, and treat everything that the old one protected as read.']),
  'template-incomplete': failed(REFUSED, 'The certificate profile’s template needs a value that the request does not have.', ['Set the device’s name (CN) or the organisation in the settings, or change the template.']),
  'name-constraints': failed(REFUSED, 'A name in the request lies outside what this CA, or one above it, may certify (name constraints).', ['Give the device a name within the constraints, or enrol it at an endpoint of a CA that may certify the name. The constraints stand in the CA certificate and cannot be widened without a new one.']),
  'template-invalid': failed(REFUSED, 'The certificate profile’s template makes no valid name.', ['Correct the template: the preview beside it shows what it makes.']),
  'authority-expired': failed(REFUSED, 'The CA’s own certificate has expired.', ['Renew the CA certificate; until then nothing can be issued.']),
  lint: failed(REFUSED, 'The certificate that would have come out breaks a rule of RFC 5280 or of this CA.', ['Read the rule in the entry, and change the certificate profile or the device’s request.']),
  'endpoint-disabled': failed(REFUSED, 'The endpoint is switched off.', ['Switch it on, or give the device the address of another.']),
  'no-authority': failed('was turned away', 'There is no authority with a certificate behind this address yet.', ['Create an authority, or install the certificate that it awaits.']),
  'queue-full': failed(
    REFUSED,
    'Too many requests wait already, in all or from this address.',
    ['Decide about those that wait. If they are nobody’s, refuse them and find out who sends them.', 'The limits stand in the settings; devices behind one address translation share one.'],
  ),
  'transaction-reused': failed(REFUSED, 'The device sent another request under the transaction of one that still waits.', ['Decide about the waiting one, or let the device start anew with a new key.']),
  'unknown-transaction': failed(
    REFUSED,
    'The device asks what became of a request that this server does not know: it was made at another endpoint or server, or with another key.',
    ['Let the device enrol anew.'],
  ),
  'unknown-certificate': failed(REFUSED, 'No certificate with that serial number was issued here.', ['Check the serial number and the CA that the device asks about.']),
  'not-our-signer': failed(REFUSED, 'Only a device with a valid certificate of this CA may ask for a certificate (GetCert).', ['Let the device sign with its certificate of this CA.']),
  'no-crl': failed(REFUSED, 'There is no CRL for what was asked.', ['Publish a CRL, or let the device fetch it over HTTP from the address in the certificates.']),
  'refused-by-admin': failed(REFUSED, 'An admin refused the request.', ['If it should have been approved, let the device enrol again: a refusal that was told cannot be taken back.']),
  lapsed: failed(REFUSED, 'Nobody decided about the request in time.', ['Let the device enrol again. How long requests wait stands in the settings.']),
  superseded: failed(REFUSED, 'The same device has sent a newer request, and this one gave way to it.', ['Nothing: the newer request waits in its place.']),
  'certificate-revoked': failed(REFUSED, 'The certificate of this request has been revoked since.', ['Let the device make a new key and enrol anew with a challenge.']),
};
