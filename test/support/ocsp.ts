/** OCSP as a relying party: forged requests, good and bad, and what PKI.js reads out of a response. */
import { createHash } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { publicKeyOctets } from '../../src/main/core/pki/algorithms.ts';
import { parseCertificate } from '../../src/main/core/pki/certificate.ts';
import type { DigestName } from '../../src/main/core/pki/crypto.ts';
import * as der from '../../src/main/core/pki/der.ts';
import { digestAlgorithm, extension } from './certificates.ts';

export const NONCE_OID = '1.3.6.1.5.5.7.48.1.2';

const hashed = (digest: DigestName, bytes: Uint8Array): Uint8Array => createHash(digest).update(bytes).digest();

/** The CertID of a serial (hex) under this CA certificate. */
export function certId(ca: Uint8Array, serial: string, digest: DigestName = 'sha1'): Uint8Array {
  const parsed = parseCertificate(ca);
  if (!parsed.ok) throw new Error(parsed.error);
  const { subject, spki } = parsed.value;
  return der.writeSequence(
    digestAlgorithm(digest),
    der.writeOctetString(hashed(digest, subject)),
    der.writeOctetString(hashed(digest, publicKeyOctets(spki))),
    der.writeUnsigned(Buffer.from(serial.padStart(serial.length + (serial.length % 2), '0'), 'hex')),
  );
}

export interface RequestParts {
  /** In its OCTET STRING, as RFC 9654 has it. */
  readonly nonce?: Uint8Array;
  /** Extension members as they are. */
  readonly extensions?: readonly Uint8Array[];
  readonly singleExtensions?: readonly Uint8Array[];
  readonly version?: number;
  readonly requestorName?: Uint8Array;
  readonly signature?: Uint8Array;
}

/** An OCSPRequest about these CertIDs. */
export function ocspRequest(certIds: readonly Uint8Array[], { nonce, extensions = [], singleExtensions, version, requestorName, signature }: RequestParts = {}): Uint8Array {
  const all = [...(nonce === undefined ? [] : [extension(NONCE_OID, der.writeOctetString(nonce))]), ...extensions];
  const single = singleExtensions === undefined ? [] : [der.writeExplicit(0, der.writeSequence(...singleExtensions))];
  return der.writeSequence(
    der.writeSequence(
      ...(version === undefined ? [] : [der.writeExplicit(0, der.writeInteger(version))]),
      ...(requestorName === undefined ? [] : [der.writeExplicit(1, requestorName)]),
      der.writeSequence(...certIds.map((id) => der.writeSequence(id, ...single))),
      ...(all.length === 0 ? [] : [der.writeExplicit(2, der.writeSequence(...all))]),
    ),
    ...(signature === undefined ? [] : [der.writeExplicit(0, signature)]),
  );
}

const FAILURES: Readonly<Record<number, string>> = { 0: 'successful', 1: 'malformedRequest', 2: 'internalError', 3: 'tryLater', 5: 'sigRequired', 6: 'unauthorized' };

export interface ReadAnswer {
  readonly serial: string;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revokedAt: number | undefined;
  readonly reason: number | undefined;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

export interface ReadResponse {
  readonly status: string;
  readonly producedAt: number;
  readonly answers: readonly ReadAnswer[];
  /** What the nonce extension holds, as hex. */
  readonly nonce: string | undefined;
  readonly certificates: readonly Uint8Array[];
}

/** What PKI.js reads out of an OCSPResponse. */
export function readOcspResponse(bytes: Uint8Array): ReadResponse {
  const response = pkijs.OCSPResponse.fromBER(new Uint8Array(bytes).buffer);
  const status = FAILURES[response.responseStatus.valueBlock.valueDec] ?? 'unheard of';
  if (response.responseBytes === undefined) return { status, producedAt: 0, answers: [], nonce: undefined, certificates: [] };
  const basic = pkijs.BasicOCSPResponse.fromBER(response.responseBytes.response.valueBlock.valueHexView.slice().buffer);
  const { producedAt, responses, responseExtensions = [] } = basic.tbsResponseData;
  const nonce = responseExtensions.find(({ extnID }) => extnID === NONCE_OID);
  return {
    status,
    producedAt: producedAt.getTime(),
    answers: responses.map(readSingle),
    nonce: nonce === undefined ? undefined : Buffer.from(nonce.extnValue.valueBlock.valueHexView).toString('hex'),
    certificates: (basic.certs ?? []).map((c) => new Uint8Array(c.toSchema(true).toBER())),
  };
}

const STATUS_TAGS = ['good', 'revoked', 'unknown'] as const;

function readSingle(single: pkijs.SingleResponse): ReadAnswer {
  const status = single.certStatus as asn1js.Primitive | asn1js.Constructed;
  const [at, reason] = status instanceof asn1js.Constructed ? status.valueBlock.value : [];
  const code = reason instanceof asn1js.Constructed ? reason.valueBlock.value[0] : undefined;
  return {
    serial: Buffer.from(single.certID.serialNumber.valueBlock.valueHexView).toString('hex').toUpperCase().replace(/^(00)+(?=..)/, ''),
    status: STATUS_TAGS[status.idBlock.tagNumber] ?? 'unknown',
    revokedAt: at instanceof asn1js.GeneralizedTime ? at.toDate().getTime() : undefined,
    reason: code instanceof asn1js.Enumerated ? code.valueBlock.valueDec : undefined,
    thisUpdate: single.thisUpdate.getTime(),
    nextUpdate: single.nextUpdate?.getTime() ?? Infinity,
  };
}
