/**
 * courier.*: files on a stick between the listener (on the network, without the CA key) and the signer (offline, with it).
 * Every file is signed by the machine that wrote it and, but for the invitation, encrypted to the other one: what it holds is on no channel.
 */
import { z } from 'zod';
import { base64, binaryFile, findings, id, line, nothing, pem, sha256, time } from './values.ts';

const count = z.number().int().min(0);

/** 48 MiB in base64. */
export const COURIER_FILE_MOST = 67_108_864;
const file = base64.min(1).max(COURIER_FILE_MOST);

const machine = z.strictObject({ name: z.string(), /** Of both its courier keys: what the two admins compare. */ fingerprint: sha256 });

/** One pairing, as this machine has it. */
export const courierLink = z.strictObject({
  id,
  /** What this machine is in it. */
  role: z.enum(['listener', 'signer']),
  /** `invited`: the invitation was written (signer); `accepted`: the acceptance was written and its certificates are not here yet (listener); `paired`: files go both ways. */
  state: z.enum(['invited', 'accepted', 'paired']),
  /** Null on a listener that still waits for its first certificates. */
  authorityId: id.nullable(),
  /** The authority's name. */
  authority: z.string(),
  own: machine,
  /** Null while only the invitation was written. */
  peer: machine.nullable(),
  createdAt: time,
  pairedAt: time.nullable(),
  /** The last file written here, and whether a file from the other machine has said since that it arrived. */
  exported: z.strictObject({ sequence: z.number().int().min(1), at: time, arrived: z.boolean() }).nullable(),
  /** The last file taken in here. */
  imported: z.strictObject({ sequence: z.number().int().min(1), at: time }).nullable(),
  /** What the next file from here has to carry. */
  waiting: z.strictObject({
    /** Listener: requests without an answer. Signer: requests from there that wait for a decision here. */
    requests: count,
    /** Signer: decisions that the listener has not confirmed. */
    answers: count,
    /** Listener: revocations that the CRL does not hold yet. */
    revocations: count,
    /** Listener: own keys whose certificates are due. */
    certificates: count,
  }),
  /** Listener: when what the courier brought runs out (CRL, SCEP certificate, OCSP signer), the first of them; null where nothing was brought yet, and on a signer. */
  due: z.strictObject({ at: time, what: z.enum(['crl', 'scep', 'ocsp']), severity: z.enum(['info', 'warning', 'danger']), text: z.string() }).nullable(),
});

/** What a pairing file says of itself, for the comparison of fingerprints. */
const pairingFile = z.strictObject({
  kind: z.enum(['invitation', 'acceptance']),
  from: machine,
  /** The same on both machines. */
  pairing: id,
  authority: z.strictObject({ commonName: z.string(), certificatePem: pem, sha256 }),
  /** Acceptance: keys that want certificates, with the SHA-256 of their SubjectPublicKeyInfo. */
  wanted: z.array(z.strictObject({ kind: z.enum(['scep', 'ocsp']), spkiSha256: sha256 })),
  writtenAt: time,
});

const name = line(64);

export const courierChannels = {
  'courier.status': { input: nothing, output: z.strictObject({ links: z.array(courierLink) }) },
  /**
   * The four steps of a pairing, and its end. `invite` (signer) writes the invitation; `read` shows whose file it is, and changes nothing;
   * `accept` (listener) takes an invitation whose fingerprint was compared, makes this machine's keys and writes the acceptance;
   * `confirm` (signer) takes the acceptance and issues what it asks for: `exportCertificates` then writes what makes the listener work.
   * `accept` again for a pairing that was accepted already writes the same acceptance again. `end` forgets the other machine and this one's courier keys.
   */
  'courier.pair': {
    input: z.discriminatedUnion('step', [
      z.strictObject({ step: z.literal('invite'), authorityId: id, name }),
      z.strictObject({ step: z.literal('read'), file }),
      z.strictObject({ step: z.literal('accept'), file, fingerprint: sha256, name }),
      z.strictObject({ step: z.literal('confirm'), file, fingerprint: sha256 }),
      z.strictObject({ step: z.literal('end'), link: id }),
    ]),
    output: z.strictObject({
      /** Null for `read` and `end`. */
      link: courierLink.nullable(),
      /** The invitation or the acceptance. */
      file: binaryFile.nullable(),
      /** For `read`. */
      shown: pairingFile.nullable(),
    }),
  },
  /** Listener. `link` may be left out where there is only one. */
  'courier.exportRequests': {
    input: z.strictObject({ link: id.optional() }).default({}),
    output: z.strictObject({ link: courierLink, file: binaryFile, sequence: z.number().int().min(1), requests: count, granted: count, revocations: count, certificates: count }),
  },
  /** Signer. `acceptGranted`: what a challenge, a renewal or the listener's admin granted there is issued at once; everything else waits in the queue. */
  'courier.importRequests': {
    input: z.strictObject({ file, acceptGranted: z.boolean().default(false) }),
    output: z.strictObject({
      link: courierLink,
      sequence: z.number().int().min(1),
      /** This very file was taken in before: nothing was done. */
      already: z.boolean(),
      /** New in the queue; of them, `issued` at once by `acceptGranted`. */
      arrived: count,
      issued: count,
      /** Were here already. */
      known: count,
      /** Closed here because the listener has closed them. */
      closed: count,
      revoked: count,
      /** Certificates made for the listener's own keys. */
      certificates: count,
      findings,
    }),
  },
  /** Signer. May be written again at will; `everything`: all certificates of the authority, also those that arrived already. */
  'courier.exportCertificates': {
    input: z.strictObject({ link: id.optional(), everything: z.boolean().default(false) }).default({ everything: false }),
    output: z.strictObject({
      link: courierLink,
      file: binaryFile,
      sequence: z.number().int().min(1),
      issued: count,
      refused: count,
      /** Left out: they wait for a decision here. */
      undecided: count,
      /** Certificates whose state the listener learns: revoked or held. */
      revoked: count,
      /** One a generation. */
      crls: z.array(z.strictObject({ generation: z.number().int().min(1), number: z.number().int().min(1), nextUpdate: time })),
      findings,
    }),
  },
  /** Listener. */
  'courier.importCertificates': {
    input: z.strictObject({ file }),
    output: z.strictObject({
      link: courierLink,
      sequence: z.number().int().min(1),
      already: z.boolean(),
      issued: count,
      refused: count,
      /** Still without an answer. */
      undecided: count,
      revoked: count,
      released: count,
      crls: z.array(z.strictObject({ generation: z.number().int().min(1), number: z.number().int().min(1), nextUpdate: time })),
      /** Own keys that got a certificate. */
      certificates: count,
      findings,
    }),
  },
} as const;
