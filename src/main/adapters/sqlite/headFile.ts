/**
 * `audit-head.json`: the signed head of the audit log, beside the database. Two slots of fixed size are written in turn,
 * each ending on a disk sector, so that a write that is cut short leaves the head before it whole.
 */
import { closeSync, constants, fdatasyncSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { type AuditHead, headMessage } from '../../core/ca/audit.ts';

export const HEAD_FILE = 'audit-head.json';
const SLOT = 512;

/** A head with its signature and the key that made it. */
export interface SignedHead extends AuditHead {
  /** Ed25519 over `headMessage`, base64. */
  readonly signature: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly key: string;
}

interface Slot extends SignedHead {
  /** Counts writes: the higher one is the newer. */
  readonly count: number;
}

/** SHA-256 of a SubjectPublicKeyInfo in base64, lower hex: what the admin keeps of the audit key. */
export const keyFingerprint = (key: string): string => createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex');

/** Whether the signature is one of the named key over this head; anything unreadable is not. */
export function verifyHead(head: SignedHead): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(head.key, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, headMessage(head), key, Buffer.from(head.signature, 'base64'));
  } catch {
    return false;
  }
}

function parseSlot(bytes: Uint8Array): Slot | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Slot> | null;
    if (typeof value?.seq !== 'number' || typeof value.hash !== 'string' || typeof value.count !== 'number') return undefined;
    if (typeof value.signature !== 'string' || typeof value.key !== 'string') return undefined;
    return { seq: value.seq, hash: value.hash, count: value.count, signature: value.signature, key: value.key };
  } catch {
    return undefined;
  }
}

/** The newer whole slot; `torn` says that the file holds bytes that are no slot, as an interrupted write leaves them. */
export interface HeadFileContent {
  readonly slot: Slot | undefined;
  readonly torn: boolean;
}

function parse(bytes: Buffer): HeadFileContent {
  const parts = [bytes.subarray(0, SLOT), bytes.subarray(SLOT, 2 * SLOT)].filter((part) => part.some((octet) => octet !== 0 && octet !== 0x20));
  const slots = parts.flatMap((part) => parseSlot(part) ?? []).sort((a, b) => b.count - a.count);
  return { slot: slots[0], torn: slots.length < parts.length };
}

/** Reads the head file of a data folder; an absent file is an empty one. */
export function readHeadFile(dataDir: string): HeadFileContent {
  try {
    return parse(readFileSync(join(dataDir, HEAD_FILE)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { slot: undefined, torn: false };
    throw error;
  }
}

export interface HeadFile {
  /** The newest head that is on disk. */
  content(): HeadFileContent;
  /** Returns when the head is on disk. */
  write(head: SignedHead): void;
  close(): void;
}

/** Opens the head file for writing; the folder's entry is synced once, so that later writes need only sync data. */
export function openHeadFile(dataDir: string): HeadFile {
  const path = join(dataDir, HEAD_FILE);
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  const missing = 2 * SLOT - fstatSync(file).size;
  if (missing > 0) {
    writeSync(file, Buffer.alloc(missing, ' '), 0, missing, 2 * SLOT - missing);
    fsyncSync(file);
    syncFolder(dataDir);
  }
  let content = readHeadFile(dataDir);
  return {
    content: () => content,
    write: (head) => {
      const slot: Slot = { seq: head.seq, hash: head.hash, signature: head.signature, key: head.key, count: (content.slot?.count ?? 0) + 1 };
      const bytes = Buffer.alloc(SLOT, ' ');
      bytes.write(JSON.stringify(slot), 'utf8');
      bytes[SLOT - 1] = 0x0a;
      writeSync(file, bytes, 0, SLOT, (slot.count % 2) * SLOT);
      fdatasyncSync(file);
      content = { slot, torn: false };
    },
    close: () => closeSync(file),
  };
}

/** Windows has no folders to sync, and keeps a new file's entry without it. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
