/** The sheet that is printed and kept beside a backup, apart from its passphrase: what restores it, step by step. It holds no secret. */
import { toIso } from '../../core/lib/instant.ts';
import type { Deps } from '../deps.ts';
import type { BackupRecord } from './records.ts';

const count = (value: number, one: string): string => `${value} ${one}${value === 1 ? '' : 's'}`;

const groups = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? '';

/** As text of at most 80 columns. */
export function recoverySheet({ name, path, sha256, createdAt, head, counts }: BackupRecord, { directory, vault, productVersion }: Pick<Deps, 'directory' | 'vault' | 'productVersion'>): string {
  const authorities = directory.authorities().map(({ commonName, organization }) => `  ${commonName}${organization === null ? '' : `, ${organization}`}`);
  const hash = groups(sha256);
  const audit = groups(vault.auditKeyFingerprint() ?? '');
  return `RECOVERY SHEET: Countersign ${productVersion}

Backup         ${name}
Made           ${toIso(createdAt)}
Written to     ${path}
SHA-256        ${hash.slice(0, 39)}
               ${hash.slice(40)}
Audit key      ${audit.slice(0, 39)}
               ${audit.slice(40)}
Holds          ${count(counts.certificates, 'certificate')}, ${count(counts.requests, 'request')}, ${count(counts.keys, 'key')},
               an audit log of ${head.seq} entries
Authorities
${authorities.length === 0 ? '  none yet' : authorities.join('\n')}

You need, kept in different places
  1. this file, ${name}
  2. its passphrase: without it nobody can open the file, the makers included
     Passphrase kept by: ______________________________________________
  3. Countersign ${productVersion} or newer, and Node.js

To restore, on any machine
  1. Compare the file:    sha256sum ${name}
  2. Look at it first:    countersign backup verify ${name}
  3. Stop the old server for good. Two of them with the same keys would issue
     and revoke behind each other's back.
  4. Restore into an empty folder, for a keychain or under a passphrase that
     may be a new one:
       countersign restore ${name} --data DIR --vault passphrase
  5. Start it:            countersign serve --data DIR --vault passphrase
  6. Compare the audit key above with the one that is shown, and check the log:
       countersign audit verify --key FINGERPRINT

What happened after ${toIso(createdAt)} is not in this backup:
certificates that were issued since still work and can renew only with a
challenge; revocations of that time must be made again.
`;
}
