/**
 * migration.*: a CA that was run by another product comes in with what it issued and revoked, and an authority of ours goes out again in
 * openssl's layout. A dry run tells everything that the import will do, and stores nothing. Passphrases go in and never come out.
 */
import { z } from 'zod';
import { authority, keyAlgorithm } from './authorities.ts';
import { base64, binaryFile, findings, id, line, sha256, time } from './values.ts';

/** Where the files come from. */
export const MIGRATION_KINDS = ['pkcs12', 'pem', 'openssl', 'xca', 'step-ca', 'micromdm', 'ad-cs'] as const;

/** Of all files together, as base64: 20 000 certificates as PEM are 45 MB. */
export const MIGRATION_MOST_BASE64 = 96 * 1024 * 1024;
export const MIGRATION_MOST_FILES = 60_000;

const count = z.number().int().min(0);
const passphrase = z.string().min(1).max(1024);

const source = {
  /** Names as they lie in the folder, with `/` between its parts: `newcerts/01.pem`. */
  files: z
    .array(z.strictObject({ name: line(300), base64 }))
    .min(1)
    .max(MIGRATION_MOST_FILES, `at most ${MIGRATION_MOST_FILES} files at once`)
    .refine((files) => files.reduce((size, file) => size + file.base64.length, 0) <= MIGRATION_MOST_BASE64, {
      message: 'the files are more than 72 MiB together: leave out what is no certificate, or give newcerts/ as one PEM file without its text',
    }),
  /** Left out: told by looking at the files. */
  kind: z.enum(MIGRATION_KINDS).optional(),
  /** Of the files: the PKCS#12's, the encrypted key's, the XCA database's. Not the vault's. */
  passphrase: passphrase.optional(),
  /** Where the files hold several CAs: the SHA-256 of the certificate of the one to take (`candidates` lists them). */
  certificateSha256: sha256.optional(),
  /** The profile under which imported devices' certificates renew. */
  profileId: id.default('device'),
} as const;

const counts = z.strictObject({
  /** That come in with their bytes; the four states below add up to it. */
  certificates: count,
  valid: count,
  held: count,
  revoked: count,
  expired: count,
  /** Revocations whose certificate is in no file: their serials stay on the CRL. */
  serialsOnly: count,
  /** Of an earlier import of the same files, or renewed here since. */
  alreadyHere: count,
  /** The same certificate in more than one file. */
  duplicates: count,
  /** Certificates that another CA issued, or that this CA's key did not sign. They stay out. */
  foreign: count,
  /** Files and lines that are not understood. */
  unreadable: count,
});

/** A CA certificate among the files. */
const candidate = z.strictObject({
  subject: z.string(),
  sha256,
  notBefore: time,
  notAfter: time,
  selfSigned: z.boolean(),
  /** Whether its private key is there, and opens. */
  key: z.enum(['there', 'missing', 'locked']),
  /** How many certificates among the files name it as their issuer. */
  issued: count,
});

/** What stays out, or is taken otherwise than the files say: with its place. */
const leftOut = z.strictObject({
  code: z.string(),
  file: z.string(),
  /** In the file, from 1; null where it has no lines. */
  line: z.number().int().min(1).nullable(),
  text: z.string(),
});

export const migrationPreview = z.strictObject({
  kind: z.enum(MIGRATION_KINDS),
  /** How it was told: a sentence. */
  recognised: z.string(),
  /** Whether `migration.import` with the same input would go ahead. */
  ready: z.boolean(),
  /** Why not. */
  refusal: z.strictObject({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
  candidates: z.array(candidate),
  /** The CA that would come in; null while there is none, or several to choose from. */
  authority: z
    .strictObject({
      commonName: z.string(),
      subject: z.string(),
      sha256,
      key: keyAlgorithm.nullable(),
      notBefore: time,
      notAfter: time,
      selfSigned: z.boolean(),
      /** Certificates above it that came along. */
      chain: count,
      /** `here`: an earlier import brought the CA, and this one would complete it. */
      standing: z.enum(['new', 'here']),
      authorityId: id.nullable(),
      /** The next CRL's number will be above it; null where the files do not tell. */
      crlNumber: z.string().nullable(),
    })
    .nullable(),
  counts,
  findings,
  /** At most 200 of them; `leftTotal` counts all. */
  left: z.array(leftOut),
  leftTotal: count,
  /** Of all that was decided: given to the import, it goes ahead only with the very same. */
  digest: sha256,
});

export const migrationChannels = {
  /** The dry run. Needs no key of ours and stores nothing. */
  'migration.preview': { input: z.strictObject(source), output: migrationPreview },
  /** Decides anew, and stores. A second one with the same files completes what was cut short, and changes nothing else. */
  'migration.import': {
    input: z.strictObject({ ...source, digest: sha256.optional() }),
    output: z.strictObject({
      authority,
      /** What is here now of the files, and in `alreadyHere` what was before. */
      counts,
      findings,
      left: z.array(leftOut),
      leftTotal: count,
      /** The backup that was made before; null where there is no schedule whose passphrase could seal one (a finding says so). */
      backup: z.strictObject({ name: z.string(), path: z.string(), sha256 }).nullable(),
    }),
  },
  /**
   * One authority as openssl's `ca` lays it out, in a tar: index.txt, newcerts/, serial, crlnumber, cacert.pem, chain.pem, crl.pem,
   * openssl.cnf, private/cakey.pem. The CA key is encrypted (PKCS#8, PBKDF2, AES-256) under `keyPassphrase`, which is made up for this;
   * `passphrase` is the vault's own, proven anew (left out with a keychain). Without `keyPassphrase` the key stays here.
   */
  'migration.export': {
    input: z.strictObject({ id, keyPassphrase: z.string().min(12, 'must have at least 12 characters').max(1024).optional(), passphrase: passphrase.optional() }),
    output: binaryFile.extend({ sha256, certificates: count, revoked: count, serialsOnly: count, withKey: z.boolean() }),
  },
} as const;
