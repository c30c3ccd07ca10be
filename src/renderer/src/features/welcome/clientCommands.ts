/** Commands that enrol a first device at this very endpoint, for the clients that people have at hand. Each was run against it, by the interop tests too. */

export interface EnrolmentFacts {
  /** `http://192.0.2.5:8080/scep` */
  readonly url: string;
  readonly authorityNumber: number;
  readonly mode: 'combined' | 'split';
  /** Who signed the authority: itself, a root that is here (by its number), or one that is elsewhere. */
  readonly root: 'self' | 'elsewhere' | number;
  readonly compatibility: 'strict' | 'standard' | 'legacy';
  /** SHA-256 of the certificate that opens the envelopes, as hex. */
  readonly recipientSha256: string;
  /** Undefined: the request waits for the admin. */
  readonly password: string | undefined;
}

// The same place whenever it is pasted, also when the commands of two clients are tried one after the other.
const FOLDER = 'mkdir -p ~/first-device && cd ~/first-device';

const baseOf = (url: string): string => new URL(url).origin;
const fetchCa = (url: string, number: number, file: string): string => `curl -s ${baseOf(url)}/ca/${number}.pem -o ${file}`;

/** The root of a chain as a file; what lies elsewhere the admin brings first. */
const fetchRoot = ({ url, root }: EnrolmentFacts): readonly string[] => (typeof root === 'number' ? [fetchCa(url, root, 'root.pem')] : []);

/** Puts the certificate of a root that is elsewhere where the other commands look for it. */
export const BRING_ROOT = 'mkdir -p ~/first-device && cp root.pem ~/first-device/root.pem';

/** strongSwan's `pki`. Which file opens envelopes, and which it needs to believe the answer, depends on the chain. */
export function strongSwan(facts: EnrolmentFacts): string {
  const { url, authorityNumber, mode, root, compatibility, password } = facts;
  const chained = root !== 'self';
  const lines = [FOLDER];
  let trust: string;
  if (!chained) {
    lines.push(`pki --scepca --url ${url} --caout ca.pem --raout ra.pem --outform pem --force`);
    trust = mode === 'split' ? '--cacert-enc ra.pem --cacert-sig ra.pem --cacert ca.pem' : '--cacert-enc ca.pem --cacert-sig ca.pem';
  } else {
    lines.push(fetchCa(url, authorityNumber, 'ca.pem'), ...fetchRoot(facts));
    // The first certificate of GetCACert is the one that opens envelopes.
    if (mode === 'split') lines.push(`curl -s '${url}?operation=GetCACert' | openssl pkcs7 -inform DER -print_certs | openssl x509 -out ra.pem`);
    const signer = mode === 'split' ? 'ra.pem' : 'ca.pem';
    trust = `--cacert-enc ${signer} --cacert-sig ${signer} --cacert root.pem${mode === 'split' ? ' --cacert ca.pem' : ''}`;
  }
  const way = password === undefined ? '--interval 5 --maxpolltime 900' : `--password ${password}`;
  lines.push('openssl genrsa -out device.key 2048', `pki --scep --url ${url} --in device.key --dn "CN=first-device" ${way} ${trust} --cipher ${compatibility === 'strict' ? 'aes' : 'des3'} --digest sha256 --outform pem > device.pem`);
  return lines.join('\n');
}

/** certmonger. Where CA and SCEP signer are one certificate, or the root is not in the chain, it must be told whom to believe. */
export function certmonger(facts: EnrolmentFacts): string {
  const { url, authorityNumber, mode, root, password } = facts;
  // It believes a CA that it was given only where it finds the root too: GetCACert brings that of a chain which is whole here.
  const signer = root === 'elsewhere' ? 'root.pem' : mode === 'combined' ? 'ca.pem' : root === 'self' ? undefined : 'root.pem';
  return [
    FOLDER,
    ...(signer === 'ca.pem' ? [fetchCa(url, authorityNumber, 'ca.pem')] : fetchRoot(facts)),
    `getcert add-scep-ca -c countersign -u ${url}${signer === undefined ? '' : ` -N "$PWD/${signer}"`}; sleep 3`,
    `getcert request -c countersign -k "$PWD/device.key" -f "$PWD/device.pem" -N "CN=first-device" -I first-device${password === undefined ? '' : ` -L ${password} -w`}`,
  ].join('\n');
}

/** certmonger asks again after hours by itself; this makes it ask now. */
export const CERTMONGER_AGAIN = 'getcert refresh -i first-device';

/** The key's SHA-256 on the device, which the matcher takes: none of these clients prints a fingerprint of its request. */
export const SHOW_KEY = 'openssl pkey -in ~/first-device/device.key -pubout -outform DER | openssl dgst -sha256';

/** micromdm's client; it knows single DES only, so only a legacy endpoint takes it. */
export const scepclient = ({ url, recipientSha256, password }: EnrolmentFacts): string =>
  [FOLDER, `scepclient -server-url ${url} -private-key device.key -certificate device.pem -cn first-device -ca-fingerprint ${recipientSha256}${password === undefined ? '' : ` -challenge ${password}`} -debug`].join('\n');

/** What shows from any machine that the CA can be reached. */
export const reachTest = (url: string): string => `curl -s '${url}?operation=GetCACaps'`;
