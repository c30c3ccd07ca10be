/**
 * What the verbs of a CA's life (lifeVerbs.ts) share: what a verb is, the folders that it may begin with, and how what came out of it is looked at.
 */
import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestOptions, certificate, pkcsReq, renewalReq, rsaKey } from './forge.ts';
import type { OpenedReply } from './replies.ts';
import { type ScepClient, createScepClient } from './scepClient.ts';
import { type TestServer, startServer } from './server.ts';

/** From 0 to 1, the same for the same seed. */
export type Random = () => number;

export interface LifeWorld {
  /** A folder that is made once, by the first who asks, with what its maker remembers of it. */
  once<T>(name: string, make: (dataDir: string) => Promise<T>): Promise<{ readonly dataDir: string; readonly made: T }>;
  /** A path that nothing has yet. */
  fresh(): string;
}

/** What may be under way in a CA's life when the machine dies. */
export interface LifeVerb {
  readonly name: string;
  /** One way to do it. */
  readonly draw: (random: Random, world: LifeWorld) => Promise<LifeCase>;
}

export interface LifeCase {
  /** Which way it is, for whoever reads of it. */
  readonly what: string;
  /** The folder that the server gets a copy of; without it, it begins with nothing. */
  readonly ready?: string;
  /** Milliseconds in which the verb does its work: the kill comes within them. */
  readonly within: number;
  /** Commits in which it does it, about: the kill comes at one of them. */
  readonly commits: number;
  /** Does it. What the kill cuts off is no error. */
  readonly begin: (server: TestServer) => Promise<unknown>;
  /** The folder belongs to another passphrase from some moment on: those that may open it. */
  readonly passphrases?: readonly string[];
  /** Brings it to its end on the server that was started again, and says in sentences what is wrong. */
  readonly goOn: (server: TestServer) => Promise<readonly string[]>;
}

export function createLifeWorld(folder: string): LifeWorld {
  const made = new Map<string, Promise<{ readonly dataDir: string; readonly made: unknown }>>();
  let copies = 0;
  return {
    once: <T>(name: string, make: (dataDir: string) => Promise<T>) => {
      const dataDir = join(folder, name);
      const known = made.get(name) ?? (mkdirSync(dataDir, { recursive: true, mode: 0o700 }), make(dataDir).then((value) => ({ dataDir, made: value })));
      made.set(name, known);
      return known as Promise<{ readonly dataDir: string; readonly made: T }>;
    },
    fresh: () => join(folder, `fresh-${(copies += 1)}`),
  };
}

/** Does something on a server that nobody kills, and stops it in order. */
export async function withServer<T>(dataDir: string, work: (server: TestServer) => Promise<T>): Promise<T> {
  const server = await startServer({ dataDir });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

export async function findWrong(...checks: readonly (readonly [what: string, holds: () => boolean | Promise<boolean>])[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [what, holds] of checks) if (!(await holds())) wrong.push(what);
  return wrong;
}

/** Whether one of these CA certificates signed it, by Node's own reading of both. */
export function isSignedByOne(certificate_: Uint8Array | undefined, cas: readonly Uint8Array[]): boolean {
  if (certificate_ === undefined) return false;
  const leaf = new X509Certificate(certificate_);
  return cas.map((ca) => new X509Certificate(ca)).some((ca) => ca.ca && ca.subject === leaf.issuer && leaf.verify(ca.publicKey));
}

/** An answer that brings a certificate, which the CA certificates that devices are given verify. */
export async function isGranted(client: ScepClient, reply: OpenedReply): Promise<boolean> {
  return reply.pkiStatus === 'SUCCESS' && isSignedByOne(reply.certificates[0], await client.caCertificates());
}

/** A device that the CA has not met asks with a challenge. */
export async function enrolNew(server: TestServer, options: RequestOptions & { readonly subject: string }): Promise<OpenedReply> {
  const client = createScepClient(server.scepUrl);
  const [recipient] = await client.caCertificates();
  if (recipient === undefined) throw new Error('the CA gives no certificate');
  const { password } = await server.call('challenges.create', {});
  const key = options.key ?? rsaKey(0);
  return client.ask(pkcsReq({ key, signerCertificate: certificate({ key, subject: options.subject }), recipient, challenge: password, ...options }));
}

/** One that has a certificate renews it, with a new key. */
export async function renewOld(server: TestServer, subject: string, signerCertificate: Uint8Array): Promise<OpenedReply> {
  const client = createScepClient(server.scepUrl);
  const [recipient] = await client.caCertificates();
  if (recipient === undefined) throw new Error('the CA gives no certificate');
  return client.ask(renewalReq({ key: rsaKey(0), signerCertificate, subject, recipient, csr: { key: rsaKey(11), subject } }));
}
