/**
 * Whoever can write the data folder can change the database, but not unseen: copies of a real folder are edited with plain SQL, and the three who look
 * (the command line on the stopped folder, the running server, the command line on an exported log) must each say what was changed and where.
 */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formerFiles } from '../support/formerFiles.ts';
import { ecKey, pkcsReq, rsaKey, type RequestOptions, type SentMessage } from '../support/forge.ts';
import type { OpenedReply } from '../support/replies.ts';
import { createScepClient } from '../support/scepClient.ts';
import { runCommand, startServer, type TestServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-tamper-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const HEAD = 'audit-head.json';
const DATABASE = 'countersign.db';

const REASON = 'known to us';
const OTHER_REASON = 'known to US';

let fingerprint: string;
let recipient: Uint8Array;
/** Number of the last entry, of the whole log and of the state before. */
let last: number;
let lastBefore: number;

/** A day at a small CA: `before` is the folder after its first part, `whole` after all of it, `log` the exported log. */
beforeAll(async () => {
  const first = await startServer({ dataDir: at('whole') });
  try {
    const authority = await first.call('authorities.create', { commonName: 'Tamper CA', key: 'rsa-2048', years: 10 });
    recipient = Buffer.from((authority.certificatePem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64');
    fingerprint = (await first.call('status.get')).auditKeyFingerprint ?? '';
    await issued(first, { key: ecKey(0), subject: 'CN=router' });
  } finally {
    await first.stop();
  }
  cpSync(at('whole'), at('before'), { recursive: true });
  const second = await startServer({ dataDir: at('whole') });
  try {
    await issued(second, { key: ecKey(1), subject: 'CN=lost-router' });
    await decide(second, pkcsReq({ key: rsaKey(0), subject: 'CN=printer', recipient }), 'requests.approve');
    await decide(second, pkcsReq({ key: rsaKey(1), subject: 'CN=stranger', recipient }), 'requests.refuse');
    const lost = (await second.call('certificates.list', { query: 'lost-router' })).items[0];
    await second.call('certificates.revoke', { id: lost?.id ?? '', reason: 'keyCompromise' });
    await second.call('migration.import', { files: [...formerFiles({ valid: 1, revoked: 1, lost: 2 }).files] });
    writeFileSync(at('log'), (await second.call('audit.export')).text);
  } finally {
    await second.stop();
  }
  last = entries('whole');
  lastBefore = entries('before');
}, 120_000);

async function ask(server: TestServer, sent: SentMessage): Promise<OpenedReply> {
  return createScepClient(server.scepUrl).ask(sent);
}

async function issued(server: TestServer, options: RequestOptions): Promise<void> {
  const { password } = await server.call('challenges.create', {});
  expect((await ask(server, pkcsReq({ ...options, recipient, challenge: password }))).pkiStatus).toBe('SUCCESS');
}

async function decide(server: TestServer, sent: SentMessage, channel: 'requests.approve' | 'requests.refuse'): Promise<void> {
  expect((await ask(server, sent)).pkiStatus).toBe('PENDING');
  const request = (await server.call('requests.list', { state: 'pending' })).items[0];
  await server.call(channel, { id: request?.id ?? '', version: request?.version ?? 0, reason: REASON });
  expect((await ask(server, sent)).pkiStatus).toBe(channel === 'requests.approve' ? 'SUCCESS' : 'FAILURE');
}

function entries(name: string): number {
  const sql = new Database(join(at(name), DATABASE));
  const count = sql.prepare('SELECT max(seq) FROM audit').pluck().get() as number;
  sql.close();
  return count;
}

interface Finding {
  readonly seq: number | null;
  readonly problem: string;
}

type Tamper = (sql: Database.Database, copy: string) => Finding;

/** Number of the last entry of which this is true. */
const numberOf = (sql: Database.Database, where: string, ...values: readonly unknown[]): number => sql.prepare(`SELECT max(seq) FROM audit WHERE ${where}`).pluck().get(...values) as number;

const changedOne = (sql: Database.Database, text: string, ...values: readonly unknown[]): void => expect(sql.prepare(text).run(...values).changes, text).toBe(1);

/** The certificate that was issued to a subject, and the last entry about it. */
function certificateOf(sql: Database.Database, subject: string): { readonly id: string; readonly serial: string; readonly der: Buffer; readonly seq: number } {
  const row = sql.prepare('SELECT id, serial, der FROM certificate WHERE subject = ?').get(subject) as { readonly id: string; readonly serial: string; readonly der: Buffer };
  return { ...row, seq: numberOf(sql, `certificate ->> 'id' = ?`, row.id) };
}

const certificateFault = (serial: string, field: string, seq: number): Finding => ({ seq, problem: `certificate ${serial}: its ${field} differs from what entry ${seq} says` });

/** One that a former CA's records named, and the entry about it. */
function revokedSerialOf(sql: Database.Database): { readonly serial: string; readonly seq: number } {
  const serial = sql.prepare('SELECT serial FROM revokedSerial ORDER BY seq LIMIT 1').pluck().get() as string;
  return { serial, seq: numberOf(sql, 'subject = ?', `serial:${serial}`) };
}

const CHANGES: Readonly<Record<string, Tamper>> = {
  'one byte of a refusal': (sql) => {
    const seq = numberOf(sql, `action = 'request.refuse'`);
    changedOne(sql, 'UPDATE audit SET detail = replace(detail, ?, ?) WHERE seq = ? AND instr(detail, ?)', REASON, OTHER_REASON, seq, REASON);
    return { seq, problem: `entry ${seq} was changed: its hash does not fit what it says` };
  },
  'a time': (sql) => {
    const seq = numberOf(sql, `action = 'certificate.revoke'`);
    changedOne(sql, 'UPDATE audit SET at = at + 1 WHERE seq = ?', seq);
    return { seq, problem: `entry ${seq} was changed: its hash does not fit what it says` };
  },
  'white space in a detail': (sql) => {
    const seq = numberOf(sql, `action = 'request.approve'`);
    changedOne(sql, `UPDATE audit SET detail = replace(detail, '{', '{ ') WHERE seq = ?`, seq);
    return { seq, problem: `entry ${seq} was changed: its hash does not fit what it says` };
  },
  'a deleted entry': (sql) => {
    const seq = numberOf(sql, `action = 'request.refuse'`);
    changedOne(sql, 'DELETE FROM audit WHERE seq = ?', seq);
    return { seq, problem: `entry ${seq} is missing` };
  },
  'a deleted entry, those after it moved up': (sql) => {
    const seq = numberOf(sql, `action = 'request.refuse'`);
    changedOne(sql, 'DELETE FROM audit WHERE seq = ?', seq);
    for (let next = seq + 1; next <= last; next++) changedOne(sql, 'UPDATE audit SET seq = seq - 1 WHERE seq = ?', next);
    return { seq, problem: `entry ${seq} was changed: its hash does not fit what it says` };
  },
  'a cut tail': (sql) => {
    sql.prepare('DELETE FROM audit WHERE seq > ?').run(last - 2);
    return { seq: last - 1, problem: `the log was cut: it ends at entry ${last - 2}, and entry ${last} was signed` };
  },
  'a revoked certificate made valid': (sql) => {
    const { id, serial, seq } = certificateOf(sql, 'CN=lost-router');
    changedOne(sql, `UPDATE certificate SET state = 'valid', revokedAt = NULL, reason = NULL WHERE id = ? AND state = 'revoked'`, id);
    return certificateFault(serial, 'state', seq);
  },
  'another serial': (sql) => {
    const { id, serial, seq } = certificateOf(sql, 'CN=printer');
    changedOne(sql, 'UPDATE certificate SET serial = ? WHERE id = ?', serial.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')), id);
    return certificateFault(serial, 'serial', seq);
  },
  'one bit of a DER': (sql) => {
    const { id, serial, der, seq } = certificateOf(sql, 'CN=router');
    const bent = Buffer.from(der);
    bent[bent.length - 1]! ^= 1;
    changedOne(sql, 'UPDATE certificate SET der = ? WHERE id = ?', bent, id);
    return certificateFault(serial, 'content', seq);
  },
  'another DER with its own digest': (sql) => {
    const { id, serial, seq } = certificateOf(sql, 'CN=router');
    changedOne(sql, `UPDATE certificate SET (der, sha256) = (SELECT der, sha256 FROM certificate WHERE subject = 'CN=printer') WHERE id = ?`, id);
    return certificateFault(serial, 'content', seq);
  },
  'a deleted certificate': (sql) => {
    const { id, serial, seq } = certificateOf(sql, 'CN=printer');
    changedOne(sql, 'DELETE FROM certificate WHERE id = ?', id);
    return { seq, problem: `certificate ${serial} is gone: entry ${seq} tells of it` };
  },
  'a certificate that nobody issued': (sql) => {
    const columns = (sql.pragma('table_info(certificate)') as readonly { readonly name: string }[]).map(({ name }) => name).filter((name) => name !== 'seq');
    const copied = columns.map((name) => (name === 'id' || name === 'serial' ? `'ABCDEF'` : name));
    changedOne(sql, `INSERT INTO certificate (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM certificate WHERE subject = 'CN=printer'`);
    return { seq: null, problem: 'certificate ABCDEF has no entry in the log' };
  },
  'a deleted revocation whose certificate is not here': (sql) => {
    const { serial, seq } = revokedSerialOf(sql);
    changedOne(sql, 'DELETE FROM revokedSerial WHERE serial = ?', serial);
    return { seq, problem: `the revocation of serial ${serial} is gone: entry ${seq} tells of it` };
  },
  'one that is off the list before its time': (sql) => {
    const { serial, seq } = revokedSerialOf(sql);
    changedOne(sql, 'UPDATE revokedSerial SET notAfter = revokedAt WHERE serial = ?', serial);
    return { seq, problem: `the revocation of serial ${serial} differs from what entry ${seq} says` };
  },
  'one that nobody took over': (sql) => {
    const columns = (sql.pragma('table_info(revokedSerial)') as readonly { readonly name: string }[]).map(({ name }) => name).filter((name) => name !== 'seq');
    const copied = columns.map((name) => (name === 'id' || name === 'serial' ? `'ABCDEF'` : name));
    changedOne(sql, `INSERT INTO revokedSerial (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM revokedSerial LIMIT 1`);
    return { seq: null, problem: 'the revocation of serial ABCDEF has no entry in the log' };
  },
  'an older head file': (sql, copy) => {
    sql.close();
    copyFileSync(join(at('before'), HEAD), join(copy, HEAD));
    return { seq: lastBefore + 1, problem: `the last ${last - lastBefore} entries are not signed: added after the signed head` };
  },
  'an older head file, and a note that the vault was locked': (sql, copy) => {
    changedOne(sql, 'UPDATE ending SET locked = 1, clean = 0');
    sql.close();
    copyFileSync(join(at('before'), HEAD), join(copy, HEAD));
    return { seq: lastBefore + 1, problem: `the last ${last - lastBefore} entries are not signed: added after the signed head` };
  },
  'a wiped signature of the last commit': (sql, copy) => {
    sql.close();
    const file = readFileSync(join(copy, HEAD));
    const slots = [file.subarray(0, 512), file.subarray(512)].map((bytes) => ({ bytes, ...(JSON.parse(bytes.toString()) as { readonly seq: number; readonly count: number }) }));
    const [newer, older] = slots.sort((a, b) => b.count - a.count);
    newer!.bytes.fill(' ');
    writeFileSync(join(copy, HEAD), file);
    const open = last - older!.seq;
    return { seq: older!.seq + 1, problem: `${open === 1 ? 'the last entry is' : `the last ${open} entries are`} not signed: added after the signed head` };
  },
  'no head file': (sql, copy) => {
    sql.close();
    rmSync(join(copy, HEAD));
    return { seq: null, problem: 'the signed head is missing' };
  },
  'an older database under the newer head': (sql, copy) => {
    sql.close();
    copyFileSync(join(at('before'), DATABASE), join(copy, DATABASE));
    return { seq: lastBefore + 1, problem: `the log was cut: it ends at entry ${lastBefore}, and entry ${last} was signed` };
  },
};

let copies = 0;

/** A copy of the whole folder, edited as somebody would who first takes the triggers away. */
function tampered(tamper: Tamper): { readonly copy: string; readonly finding: Finding } {
  copies += 1;
  const copy = at(`copy-${copies}`);
  cpSync(at('whole'), copy, { recursive: true });
  const sql = new Database(join(copy, DATABASE));
  for (const name of sql.prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).pluck().all()) sql.exec(`DROP TRIGGER ${String(name)}`);
  try {
    return { copy, finding: tamper(sql, copy) };
  } finally {
    sql.close();
  }
}

async function verifyStopped(copy: string, ...more: readonly string[]): Promise<{ readonly code: number | null; readonly verdict: { readonly ok: boolean; readonly firstBad?: Finding } }> {
  const { code, out } = await runCommand(['audit', 'verify', copy, '--json', ...more]);
  return { code, verdict: JSON.parse(out) as { readonly ok: boolean; readonly firstBad?: Finding } };
}

describe('the log that nobody touched', () => {
  it('passes on the stopped folder, on the running server and as an exported file, with the key that was noted', async () => {
    const stopped = await runCommand(['audit', 'verify', at('whole'), '--key', fingerprint]);
    expect(stopped).toMatchObject({ code: 0, err: '' });
    expect(stopped.out).toMatch(new RegExp(`^The audit log holds: ${last} entries, up to number ${last}\\.\\nSigned head: ${last} [0-9a-f]{64}\\n$`));

    const { copy } = tampered(() => ({ seq: null, problem: '' }));
    const server = await startServer({ dataDir: copy });
    try {
      expect(await server.call('audit.verify')).toMatchObject({ ok: true, notes: [], keyFingerprint: fingerprint });
      expect(await server.run(['audit', 'verify', '--key', fingerprint])).toMatchObject({ code: 0, err: '' });
      expect(await server.run(['audit', 'verify', '--key', 'ab'.repeat(32)])).toMatchObject({ code: 1 });
    } finally {
      await server.stop();
    }
    expect(await verifyStopped(copy, '--key', fingerprint)).toMatchObject({ code: 0, verdict: { ok: true, notes: [] } });

    const exported = await runCommand(['audit', 'verify', at('log'), '--key', fingerprint]);
    expect(exported).toMatchObject({ code: 0, err: '' });
  });

  it('does not pass as somebody else’s: another key than the one that was noted is told', async () => {
    const other = 'ab'.repeat(32);
    const stopped = await verifyStopped(at('whole'), '--key', other);
    expect(stopped).toMatchObject({ code: 1, verdict: { ok: false, firstBad: { seq: null, problem: `the head was signed with another key (${fingerprint})` } } });
    expect(await verifyStopped(at('log'), '--key', other)).toMatchObject({ code: 1, verdict: { firstBad: stopped.verdict.firstBad } });
  });
});

describe('a tampered folder', () => {
  for (const [name, tamper] of Object.entries(CHANGES)) {
    it(`shows ${name}, stopped and running, and is not healed by running`, async () => {
      const { copy, finding } = tampered(tamper);
      expect(await verifyStopped(copy)).toMatchObject({ code: 1, verdict: { ok: false, firstBad: finding } });

      const server = await startServer({ dataDir: copy });
      let running: Finding | undefined;
      try {
        const verdict = await server.call('audit.verify');
        running = verdict.firstBad;
        // What contradicts the signed end is noticed by the start itself, and an admin is told without asking.
        if (name === 'a cut tail') expect((await server.call('status.get')).notices).toContainEqual(expect.objectContaining({ code: 'audit-contradicted', severity: 'danger' }));
        expect(verdict.ok).toBe(false);
        expect(await server.run(['audit', 'verify'])).toMatchObject({ code: 1 });
      } finally {
        await server.stop();
      }
      expect(running).toBeDefined();
      // A start appends entries, so the end of a log that was cut is told in other words; everything before stays as it was found.
      if (finding.seq !== null && finding.seq <= lastBefore) expect(running).toEqual(finding);
      expect(await verifyStopped(copy, '--key', fingerprint)).toMatchObject({ code: 1, verdict: { ok: false } });
    });
  }

  it('says it to a human in one line, with the place', async () => {
    const { copy, finding } = tampered(CHANGES['a deleted entry']!);
    const { code, out } = await runCommand(['audit', 'verify', copy]);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe(`The audit log does NOT hold: at entry ${finding.seq ?? ''}, ${finding.problem}`);
  });

  it('put back as a whole to an older state passes by itself, and shows against an exported log', async () => {
    const older = await verifyStopped(at('before'), '--key', fingerprint);
    const exported = await verifyStopped(at('log'), '--key', fingerprint);
    expect(older).toMatchObject({ code: 0, verdict: { ok: true, head: { seq: lastBefore } } });
    expect(exported).toMatchObject({ code: 0, verdict: { ok: true, head: { seq: last } } });
    expect(lastBefore).toBeLessThan(last);
  });
});

describe('a tampered export', () => {
  const lines = (): string[] => readFileSync(at('log'), 'utf8').trimEnd().split('\n');
  const EXPORTS: Readonly<Record<string, () => { readonly text: readonly string[]; readonly finding: Finding }>> = {
    'one byte of an entry': () => {
      const text = lines();
      const index = text.findIndex((line) => line.includes('"action":"request.refuse"'));
      text[index] = text[index]!.replace(REASON, OTHER_REASON);
      return { text, finding: { seq: index + 1, problem: `entry ${index + 1} was changed: its hash does not fit what it says` } };
    },
    'a missing entry': () => ({ text: lines().filter((_, index) => index !== 3), finding: { seq: 4, problem: 'entry 4 is missing' } }),
    'a cut tail under its head': () => {
      const text = lines();
      text.splice(-3, 2);
      return { text, finding: { seq: last - 1, problem: `the log was cut: it ends at entry ${last - 2}, and was exported with ${last}` } };
    },
    'a cut end': () => ({ text: lines().slice(0, -1), finding: { seq: null, problem: 'the file does not end with a head: it was cut, or is no exported log' } }),
    'a signature of another head': () => {
      const text = lines();
      const end = JSON.parse(text.at(-1)!) as { head: { seq: number; hash: string }; signed: { seq: number; hash: string } };
      text.splice(-2, 2);
      const entry = JSON.parse(text.at(-1)!) as { seq: number; hash: string };
      const head = { hash: entry.hash, seq: entry.seq };
      return { text: [...text, JSON.stringify({ head, signed: { ...end.signed, ...head } })], finding: { seq: null, problem: `the signature of the head (entry ${last - 1}) is not valid` } };
    },
  };
  for (const [name, tamper] of Object.entries(EXPORTS)) {
    it(`shows ${name}`, async () => {
      const { text, finding } = tamper();
      writeFileSync(at('tampered-log'), `${text.join('\n')}\n`);
      expect(await verifyStopped(at('tampered-log'), '--key', fingerprint)).toMatchObject({ code: 1, verdict: { ok: false, firstBad: finding } });
    });
  }
});
