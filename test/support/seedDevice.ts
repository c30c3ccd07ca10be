/** A device for seeded data folders: it has a name, a key, an address and a User-Agent, enrols, polls and renews as such devices do. */
import type { CertificateOptions } from './certificates.ts';
import { type RequestOptions, type SentMessage, type TestKey, certPoll, certificate, pkcsReq, renewalReq, rsaKey } from './forge.ts';
import type { OpenedReply } from './replies.ts';
import { type ScepClient, createScepClient } from './scepClient.ts';

export interface DeviceTraits {
  readonly subject: string;
  readonly key?: TestKey;
  readonly userAgent?: string;
  /** The last number of its address, where a machine has more than one loopback address. */
  readonly host?: number;
  /** `/scep` without it. */
  readonly path?: string;
  readonly dnsNames?: readonly string[];
  /** What it got before. */
  readonly certificate?: Uint8Array;
}

export interface SeedDevice {
  readonly subject: string;
  readonly key: TestKey;
  readonly client: ScepClient;
  /** Sends a PKCSReq; the answer may be PENDING, SUCCESS or FAILURE. */
  enrol(more?: Partial<RequestOptions>): Promise<OpenedReply>;
  /** Asks what became of the last request; a certificate that comes is kept for renewals. */
  poll(): Promise<OpenedReply>;
  /** A RenewalReq with a new key, signed with the certificate that it got last. */
  renew(more?: Partial<RequestOptions>): Promise<OpenedReply>;
  certificate(): Uint8Array;
}

let lastKey = 100;
/** A key that no other device of this process has. */
export const freshKey = (bits = 2048): TestKey => rsaKey(++lastKey, bits);

/** A device that speaks to the server at this SCEP URL. */
export async function openDevice(scepUrl: string, { subject, key = freshKey(), userAgent, host, path, dnsNames, certificate: before }: DeviceTraits): Promise<SeedDevice> {
  const url = path === undefined ? scepUrl : new URL(path, scepUrl).href;
  const identity = { ...(userAgent === undefined ? {} : { userAgent }), ...(host === undefined || process.platform !== 'linux' ? {} : { address: `127.0.0.${host}` }) };
  const client = createScepClient(url, identity);
  const [scepCertificate] = await client.caCertificates();
  if (scepCertificate === undefined) throw new Error(`${url} gives no certificate`);
  const signer: CertificateOptions = { key, subject };
  let last: SentMessage | undefined;
  let current = before;
  const ask = async (message: SentMessage): Promise<OpenedReply> => {
    const reply = await client.ask(message);
    if (reply.pkiStatus === 'SUCCESS') current = reply.certificates[0] ?? current;
    return reply;
  };
  const certificateNow = (): Uint8Array => {
    if (current === undefined) throw new Error(`${subject} has no certificate`);
    return current;
  };
  const names = dnsNames === undefined ? {} : { dnsNames };
  return {
    subject,
    key,
    client,
    enrol: (more = {}) => ask((last = pkcsReq({ key, subject, signerCertificate: certificate(signer), recipient: scepCertificate, ...names, ...more }))),
    poll: () => {
      if (last === undefined) throw new Error(`${subject} has asked for nothing yet`);
      return ask(certPoll(last, { recipient: scepCertificate }));
    },
    renew: (more = {}) =>
      ask((last = renewalReq({ key, signerCertificate: certificateNow(), subject, recipient: scepCertificate, csr: { key: freshKey(), subject, ...(dnsNames === undefined ? {} : { dnsNames }) }, ...more }))),
    certificate: certificateNow,
  };
}

/** An answer that must be this one. */
export async function must(status: OpenedReply['pkiStatus'], asked: Promise<OpenedReply>): Promise<OpenedReply> {
  const reply = await asked;
  if (reply.pkiStatus !== status) throw new Error(`${reply.pkiStatus} ${reply.failInfoText ?? ''} and not ${status}`);
  return reply;
}
