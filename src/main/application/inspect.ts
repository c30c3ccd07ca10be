/**
 * What a captured SCEP message says, in words for a human: a whole HTTP request, a message's DER, or the text of a GET's `message`.
 * Without a key the envelope stays closed; with one its CSR is read, but a challenge is only counted, never shown.
 */
import { fromUtf8, toHex, utf8 } from '../core/lib/bytes.ts';
import { toIso } from '../core/lib/instant.ts';
import { describePublicKey, digestOfOid } from '../core/pki/algorithms.ts';
import { type Certificate, parseCertificate, serialToHex } from '../core/pki/certificate.ts';
import type { CertificateId } from '../core/pki/cms.ts';
import type { PublicCrypto, RawRsaDecrypt } from '../core/pki/crypto.ts';
import type { Csr } from '../core/pki/csr.ts';
import { type Element, decoding, readText } from '../core/pki/der.ts';
import { type EnvelopedData, parseEnvelope } from '../core/pki/envelopedData.ts';
import { generalNameToText } from '../core/pki/generalNames.ts';
import { nameToText } from '../core/pki/names.ts';
import { OID } from '../core/pki/oids.ts';
import { plainText } from '../core/pki/text.ts';
import { type SignedData, parseAttributes, parseSignedData } from '../core/pki/signedData.ts';
import type { Recipient } from '../core/scep/message.ts';
import { openMessage } from '../core/scep/openMessage.ts';
import { decodeOperation } from '../core/scep/operation.ts';

export interface InspectionLine {
  readonly name: string;
  readonly value: string;
}

export interface Inspection {
  /** `scep-request`, `scep-reply`, `certificates`, `ca-query` or `unreadable`. */
  readonly kind: string;
  readonly lines: readonly InspectionLine[];
  /** What is wrong with it, where something is. */
  readonly problem: string | null;
}

export interface InspectTools {
  readonly crypto: PublicCrypto;
  /** The SCEP key's raw decrypt, where the human has it. */
  readonly decrypt?: RawRsaDecrypt | undefined;
}

const MESSAGE_TYPES: Readonly<Record<string, string>> = { '3': 'CertRep', '17': 'RenewalReq', '19': 'PKCSReq', '20': 'CertPoll', '21': 'GetCert', '22': 'GetCRL' };
const PKI_STATUS: Readonly<Record<string, string>> = { '0': 'SUCCESS', '2': 'FAILURE', '3': 'PENDING' };
const FAIL_INFO: Readonly<Record<string, string>> = { '0': 'badAlg', '1': 'badMessageCheck', '2': 'badRequest', '3': 'badTime', '4': 'badCertId' };

/** Describes whatever was captured; every input gets an answer. */
export function inspectCapture(capture: Uint8Array, tools: InspectTools): Inspection {
  const http = readHttp(capture);
  const lines: InspectionLine[] = http === undefined ? [] : [{ name: 'HTTP', value: http.requestLine }];
  const decoded = http === undefined ? decodeBare(capture) : decodeOperation(http);
  if (decoded.kind === 'ca-query') return { kind: 'ca-query', lines: [...lines, { name: 'operation', value: decoded.operation }], problem: null };
  if (decoded.kind === 'refused') return { kind: 'unreadable', lines, problem: decoded.text };
  const signed = decoding(() => parseSignedData(decoded.message));
  if (!signed.ok) return { kind: 'unreadable', lines, problem: signed.error };
  lines.push({ name: 'size', value: `${decoded.message.length} octets` });
  return describeSignedData(signed.value, decoded.message, lines, tools);
}

interface HttpCapture {
  readonly requestLine: string;
  readonly method: string;
  readonly rawQuery: string;
  readonly body: Uint8Array;
}

/** A request as it went over the wire: request line, headers, blank line, body. */
function readHttp(capture: Uint8Array): HttpCapture | undefined {
  const text = latin1(capture.subarray(0, 131_072));
  const first = /^(GET|POST) (\S+)(?: HTTP\/1\.[01])?\r?\n/.exec(text);
  if (first === null) return undefined;
  const [line = '', method = '', target = ''] = first;
  const blank = /\r?\n\r?\n/.exec(text);
  const body = blank === null ? new Uint8Array(0) : capture.subarray(blank.index + blank[0].length);
  const at = target.indexOf('?');
  return { requestLine: plainText(line.trim(), 100), method, rawQuery: at < 0 ? '' : target.slice(at + 1), body };
}

/** DER as it is, or what stood behind `message=`. */
function decodeBare(capture: Uint8Array): ReturnType<typeof decodeOperation> {
  if (capture[0] === 0x30) return { kind: 'pki-operation', operation: 'PKIOperation', message: capture, emptyContent: false };
  const text = fromUtf8(capture)?.trim() ?? '';
  const rawQuery = text.includes('operation=') ? text.slice(text.indexOf('?') + 1) : `operation=PKIOperation&message=${text.replace(/\s+/g, '')}`;
  return decodeOperation({ method: 'GET', rawQuery, body: new Uint8Array(0) });
}

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (octet) => String.fromCharCode(octet)).join('');

function describeSignedData(signed: SignedData, message: Uint8Array, before: readonly InspectionLine[], tools: InspectTools): Inspection {
  const lines = [...before];
  const say = (name: string, value: string | undefined): void => void (value !== undefined && lines.push({ name, value }));
  for (const der of signed.certificates) say('certificate', describeCertificate(der));
  for (const crl of signed.crls) say('CRL', `${crl.length} octets`);
  const [signer] = signed.signers;
  if (signer === undefined) return { kind: 'certificates', lines, problem: null };
  say('digest', digestOfOid(signer.digestOid) ?? signer.digestOid);
  const read = decoding(() => (signer.signedAttributes === undefined ? [] : parseAttributes(signer.signedAttributes)));
  if (!read.ok) return { kind: 'unreadable', lines, problem: read.error };
  const attributes = new Map(read.value.map(({ oid, values }) => [oid, values[0]]));
  const text = (oid: string): string | undefined => attributeText(attributes.get(oid));
  const messageType = text(OID.messageType);
  say('messageType', messageType === undefined ? 'missing' : `${messageType} ${MESSAGE_TYPES[messageType] ?? '(unknown)'}`);
  say('transactionID', text(OID.transactionId));
  say('senderNonce', octets(attributes.get(OID.senderNonce)));
  say('recipientNonce', octets(attributes.get(OID.recipientNonce)));
  const status = text(OID.pkiStatus);
  say('pkiStatus', status === undefined ? undefined : `${status} ${PKI_STATUS[status] ?? '(unknown)'}`);
  const failInfo = text(OID.failInfo);
  say('failInfo', failInfo === undefined ? undefined : `${failInfo} ${FAIL_INFO[failInfo] ?? '(unknown)'}`);
  say('failInfoText', text(OID.failInfoText));
  const content = signed.content;
  const envelope = content === undefined || content.length === 0 ? undefined : decoding(() => parseEnvelope(content));
  if (envelope?.ok === true && envelope.value.kind === 'enveloped') lines.push(...describeEnvelope(envelope.value.data));
  else say('content', content === undefined ? 'absent' : content.length === 0 ? 'empty' : 'no envelope');
  if (messageType === '3') return { kind: 'scep-reply', lines, problem: null };
  const data = envelope?.ok === true && envelope.value.kind === 'enveloped' ? envelope.value.data : undefined;
  const opened = describeOpened(message, data, tools);
  return { kind: 'scep-request', lines: [...lines, ...opened.lines], problem: opened.problem };
}

/** Verifies as the service would, under the legacy rules so that old captures are read too; opens where there is a key. */
function describeOpened(message: Uint8Array, envelope: EnvelopedData | undefined, { crypto, decrypt }: InspectTools): { readonly lines: readonly InspectionLine[]; readonly problem: string | null } {
  const recipients = decrypt === undefined || envelope === undefined ? [] : recipientsOf(envelope);
  const outcome = openMessage(message, { compatibility: 'legacy', recipients, skipContent: decrypt === undefined }, { crypto, decryptFor: () => decrypt });
  if (outcome.kind === 'unanswerable') return { lines: [], problem: outcome.reason };
  const { signer } = outcome.frame;
  const lines: InspectionLine[] = [
    { name: 'signer', value: `${nameToText(signer.subject)}${signer.selfSigned ? ' (self-signed)' : `, issued by ${nameToText(signer.issuer)}, serial ${signer.serial}`}` },
    { name: 'signer key SHA-256', value: signer.spkiSha256 },
  ];
  if (outcome.kind === 'fault') return { lines, problem: `${outcome.fault.code}: ${outcome.fault.detail}` };
  lines.push({ name: 'signature', value: 'verifies' });
  if (outcome.content.kind === 'csr') lines.push(...describeCsr(outcome.content.csr), { name: 'CSR SHA-256', value: outcome.content.fingerprints.sha256 });
  if (outcome.content.kind === 'issuer-and-serial') lines.push({ name: 'asks for', value: `serial ${outcome.content.serial} of ${nameToText(outcome.content.issuer)}` });
  return { lines, problem: null };
}

/** Whoever the envelope names is taken at its word: the human says that this is the key. */
function recipientsOf(envelope: EnvelopedData): readonly Recipient[] {
  return envelope.recipients.flatMap((info): readonly Recipient[] => {
    if (info.kind !== 'key-transport') return [];
    const { recipient } = info;
    return recipient.kind === 'issuer-and-serial'
      ? [{ id: 'given', keyId: 'given', issuer: recipient.issuer, serial: serialToHex(recipient.serial), subjectKeyId: '' }]
      : [{ id: 'given', keyId: 'given', issuer: utf8(''), serial: '', subjectKeyId: toHex(recipient.keyId) }];
  });
}

function describeEnvelope(envelope: EnvelopedData): readonly InspectionLine[] {
  return [
    { name: 'content cipher', value: typeof envelope.cipher === 'string' ? envelope.cipher : `unsupported ${envelope.cipher.unsupported}` },
    ...envelope.recipients.map((info): InspectionLine => {
      if (info.kind !== 'key-transport') return { name: 'recipient', value: `by ${info.kind}` };
      const transport = 'unsupported' in info.algorithm ? `unsupported ${info.algorithm.unsupported}` : info.algorithm.kind;
      return { name: 'recipient', value: `${describeId(info.recipient)} by ${transport}` };
    }),
  ];
}

const describeId = (id: CertificateId): string => (id.kind === 'key-id' ? `key ${toHex(id.keyId)}` : `serial ${serialToHex(id.serial)} of ${nameToText(id.issuer)}`);

function describeCertificate(der: Uint8Array): string {
  const parsed = parseCertificate(der);
  if (!parsed.ok) return `unreadable: ${parsed.error}`;
  const c: Certificate = parsed.value;
  return `${nameToText(c.subject)}, serial ${c.serialHex}, ${toIso(c.notBefore)} to ${toIso(c.notAfter)}, ${describePublicKey(c.publicKey)}`;
}

function describeCsr(csr: Csr): readonly InspectionLine[] {
  const optional = (name: string, value: string | undefined): readonly InspectionLine[] => (value === undefined ? [] : [{ name, value }]);
  return [
    { name: 'CSR subject', value: nameToText(csr.subject) },
    { name: 'CSR key', value: describePublicKey(csr.publicKey) },
    ...csr.subjectAltNames.map((name): InspectionLine => ({ name: 'CSR SAN', value: generalNameToText(name) })),
    { name: 'challengePassword', value: csr.challengePassword === undefined ? 'none' : `present, ${csr.challengePassword.length} characters` },
    ...optional('key usage', csr.keyUsage?.join(', ')),
    ...optional('extended key usage', csr.extendedKeyUsages?.join(', ')),
    ...optional('template', csr.templateName),
  ];
}

function attributeText(e: Element | undefined): string | undefined {
  if (e === undefined) return undefined;
  const read = decoding(() => readText(e));
  return read.ok && read.value !== undefined ? plainText(read.value) : undefined;
}

const octets = (e: Element | undefined): string | undefined => (e === undefined ? undefined : toHex(e.content));
