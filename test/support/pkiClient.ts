/** strongSwan's `pki --scep` as a device that enrols and then polls until the admin has decided. */
import { writeFileSync } from 'node:fs';
import { makeKey, spkiDigest } from './interopOpenssl.ts';
import { makeFolder, mustRun, startProgram } from './interopPrograms.ts';

export interface PkiDevice {
  /** SHA-256 of its key, as OpenSSL prints it: `7A:3C:…`. */
  readonly printed: string;
  /** Resolves when it has its certificate, as the path of a PEM file, or was told no. */
  readonly done: Promise<{ readonly code: number | null; readonly said: string; readonly certificateFile: string }>;
}

export interface PkiFolder {
  /** Sends its request and goes on polling, once a second; with a challenge it is answered at once. */
  enrol(name: string, password?: string): Promise<PkiDevice>;
  /** The CA certificate as the device got it. */
  readonly caFile: string;
  readonly path: string;
  remove(): void;
}

/** A folder for devices of the CA at this URL. */
export async function openPkiFolder(url: string): Promise<PkiFolder> {
  const folder = makeFolder();
  const caFile = folder.at('ca.pem');
  await mustRun('pki', ['--scepca', '--url', url, '--caout', caFile, '--raout', folder.at('ra.pem'), '--outform', 'pem', '--force']);
  return {
    caFile,
    path: folder.path,
    remove: folder.remove,
    enrol: async (name, password) => {
      const key = await makeKey(folder.at(`${name}.key`));
      const printed = (await spkiDigest('pkey', key)).replace(/..(?=.)/g, '$&:').toUpperCase();
      const secret = password === undefined ? [] : ['--password', password];
      const program = startProgram('pki', ['--scep', '--url', url, '--in', key, '--dn', `O=Test, CN=${name}`, ...secret, '--cacert-enc', caFile, '--cacert-sig', caFile, '--cipher', 'des3', '--digest', 'sha256', '--outform', 'pem', '--interval', '1', '--maxpolltime', '40'], { patience: 60_000 });
      const certificateFile = folder.at(`${name}.pem`);
      return {
        printed,
        done: program.done.then(({ code, stdout, stderr }) => {
          if (code === 0) writeFileSync(certificateFile, stdout);
          return { code, said: stderr, certificateFile };
        }),
      };
    },
  };
}
