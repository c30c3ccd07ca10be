/** The files of an openssl ca with as many certificates as are wanted, made in this process: for what needs many of them, or needs them quickly. */
import type { Input } from '../../src/preload/contract/contract.ts';
import { DAY } from '../../src/main/core/lib/instant.ts';
import { writeIndexLine } from '../../src/main/core/ca/migration/opensslLayout.ts';
import { certificate, extension, serialOf, testCa } from './forge.ts';
import { type TestKey, rsaKey } from './keys.ts';
import { pem } from './oracle.ts';

export interface FormerFiles {
  readonly files: Input<'migration.preview'>['files'];
  readonly certificate: Uint8Array;
  /** Of the first one, which is valid: `CN=former-0`. */
  readonly device: { readonly key: TestKey; readonly certificate: Uint8Array; readonly subject: string };
  readonly serials: { readonly valid: readonly string[]; readonly revoked: readonly string[]; readonly lost: readonly string[] };
}

export interface FormerWish {
  readonly valid: number;
  readonly revoked: number;
  /** Revoked ones whose certificate is in no file. */
  readonly lost: number;
  /** Which of the test CAs it is. */
  readonly ca?: number;
}

const KEY_USAGE = extension('2.5.29.15', Uint8Array.of(3, 2, 5, 0xa0), true);

const file = (name: string, text: string): FormerFiles['files'][number] => ({ name, base64: Buffer.from(text, 'utf8').toString('base64') });

export function formerFiles({ valid, revoked, lost, ca = 7 }: FormerWish): FormerFiles {
  const issuer = testCa(ca);
  const notAfter = Math.floor(Date.now() / 1000) * 1000 + 300 * DAY;
  const revokedAt = Math.floor(Date.now() / 1000) * 1000 - DAY;
  const states = [...Array<'valid'>(valid).fill('valid'), ...Array<'revoked'>(revoked).fill('revoked'), ...Array<'lost'>(lost).fill('lost')];
  const made = states.map((state, i) => {
    const subject = `CN=former-${i}`;
    const der = certificate({ subject, key: rsaKey(i % 3), issuer, notAfter, extensions: [KEY_USAGE] });
    return { state, subject, der, serial: serialOf(der) };
  });
  const index = made.map(({ state, subject, serial }) => writeIndexLine({ serial, subject: `/${subject}`, notAfter, revokedAt: state === 'valid' ? null : revokedAt, reason: state === 'valid' ? null : 'superseded' }, Date.now()));
  const [first] = made;
  if (first === undefined) throw new Error('a former CA without certificates');
  const serials = (state: string): readonly string[] => made.filter((one) => one.state === state).map(({ serial }) => serial);
  return {
    files: [
      file('cacert.pem', pem('CERTIFICATE', issuer.certificate)),
      file('private/cakey.pem', issuer.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
      file('index.txt', index.join('')),
      file('crlnumber', '2A\n'),
      ...made.filter(({ state }) => state !== 'lost').map(({ serial, der }) => file(`newcerts/${serial}.pem`, pem('CERTIFICATE', der))),
    ],
    certificate: issuer.certificate,
    device: { key: rsaKey(0), certificate: first.der, subject: first.subject },
    serials: { valid: serials('valid'), revoked: serials('revoked'), lost: serials('lost') },
  };
}
