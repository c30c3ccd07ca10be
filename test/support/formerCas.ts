/**
 * CAs of other products, made by those products: a folder of files that `countersign migrate` takes, and devices that they enrolled.
 * step-ca is in no package of Debian, so its files are made by openssl in the form that step-ca writes; AD CS needs Windows, so its CSV is written here.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { mustRun, startProgram, waitFor } from './interopPrograms.ts';

export interface FormerDevice {
  readonly name: string;
  readonly keyFile: string;
  readonly certificateFile: string;
}

export interface FormerCa {
  /** What is given to the migration. */
  readonly folder: string;
  readonly passphrase: string;
  /** In PEM, outside of that folder. */
  readonly caFile: string;
  /** The first one is valid. */
  readonly devices: readonly FormerDevice[];
  /** Serials, upper hex, that must be on the CRL. */
  readonly revoked: readonly string[];
  readonly commonName: string;
}

export const FORMER_PASSPHRASE = 'the former CA’s words'.replace('’', '');

const OPENSSL_CNF = `[ca]
default_ca=c
[c]
dir=.
database=$dir/index.txt
new_certs_dir=$dir/newcerts
certificate=$dir/cacert.pem
private_key=$dir/private/cakey.pem
serial=$dir/serial
crlnumber=$dir/crlnumber
default_md=sha256
default_days=365
default_crl_days=30
policy=p
unique_subject=no
x509_extensions=e
[p]
organizationName=optional
commonName=supplied
[e]
basicConstraints=CA:FALSE
keyUsage=digitalSignature,keyEncipherment
extendedKeyUsage=clientAuth
`;

const openssl = (args: readonly string[], cwd: string): Promise<Buffer> => mustRun('openssl', args, { cwd });
const pass = (kind: 'in' | 'out'): readonly string[] => [`-pass${kind}`, `pass:${FORMER_PASSPHRASE}`];

/** A self-signed CA: key (encrypted) and certificate. */
async function makeRoot(folder: string, key: string, certificate: string, commonName: string, algorithm: readonly string[] = ['-newkey', 'rsa:2048']): Promise<void> {
  await openssl(['req', '-x509', ...algorithm, '-keyout', key, ...pass('out'), '-out', certificate, '-subj', `/O=Test/CN=${commonName}`, '-days', '3650', '-addext', 'keyUsage=critical,keyCertSign,cRLSign,digitalSignature,keyEncipherment'], folder);
}

/** A device's key and request beside the CA's folder. */
async function makeRequest(place: string, name: string): Promise<{ readonly keyFile: string; readonly csr: string }> {
  const [keyFile, csr] = [join(place, `${name}.key`), join(place, `${name}.csr`)];
  await openssl(['req', '-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', csr, '-subj', `/O=Test/CN=${name}`], place);
  return { keyFile, csr };
}

/** The folder of an `openssl ca` with five devices: one revoked, one held, one revoked whose certificate is lost. */
export async function makeOpensslCa(place: string, commonName = 'Former openssl CA'): Promise<FormerCa> {
  const folder = join(place, 'openssl');
  for (const name of ['', 'newcerts', 'private']) mkdirSync(join(folder, name), { recursive: true });
  const files: Readonly<Record<string, string>> = { 'openssl.cnf': OPENSSL_CNF, 'index.txt': '', serial: '1A\n', crlnumber: '0F\n' };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  await makeRoot(folder, 'private/cakey.pem', 'cacert.pem', commonName);
  const ca = (...args: readonly string[]): Promise<Buffer> => openssl(['ca', '-batch', '-config', 'openssl.cnf', ...pass('in'), ...args], folder);
  const devices: FormerDevice[] = [];
  for (const name of ['old1', 'old2', 'old3', 'old4', 'old5']) {
    const { keyFile, csr } = await makeRequest(place, name);
    const certificateFile = join(place, `${name}.pem`);
    await ca('-in', csr, '-out', certificateFile, '-notext');
    devices.push({ name, keyFile, certificateFile });
  }
  await ca('-revoke', 'newcerts/1C.pem', '-crl_reason', 'keyCompromise');
  await ca('-revoke', 'newcerts/1D.pem', '-crl_hold', 'holdInstructionReject');
  await ca('-revoke', 'newcerts/1E.pem', '-crl_compromise', '20260101000000Z');
  await ca('-gencrl', '-out', 'crl.pem');
  rmSync(join(folder, 'newcerts/1E.pem'));
  cpSync(join(folder, 'cacert.pem'), join(place, 'openssl-ca.pem'));
  // Two that are valid, one revoked, one held.
  return { folder, passphrase: FORMER_PASSPHRASE, caFile: join(place, 'openssl-ca.pem'), devices: devices.slice(0, 4), revoked: ['1C', '1D', '1E'], commonName };
}

/** XCA asks for a new database's password on a terminal, and has no option for it: python3 gives it one. */
const ASK_ON_A_TERMINAL = `
import os, pty, select, sys
password = os.environ['PASSWORD'].encode() + b'\\n'
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
said, answered = b'', 0
while select.select([fd], [], [], 30)[0]:
    try: data = os.read(fd, 4096)
    except OSError: break
    if not data: break
    said += data
    if said.count(b'assword:') > answered:
        answered += 1
        os.write(fd, password)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/**
 * A database of XCA, with a CA and three devices that it took in. Its command line cannot revoke: the rows are written as its window writes them, and XCA
 * itself makes the CRL of them.
 */
export async function makeXcaDatabase(place: string, commonName = 'Former XCA'): Promise<FormerCa> {
  const work = join(place, 'xca-work');
  const folder = join(place, 'xca');
  mkdirSync(work, { recursive: true });
  mkdirSync(folder, { recursive: true });
  await makeRoot(work, 'ca.key', 'ca.pem', commonName);
  await openssl(['rsa', '-in', 'ca.key', ...pass('in'), '-out', 'plain.key'], work);
  writeFileSync(join(work, 'e.cnf'), 'keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n');
  const devices: FormerDevice[] = [];
  for (const [i, name] of ['xca1', 'xca2', 'xca3'].entries()) {
    const { keyFile, csr } = await makeRequest(place, name);
    const certificateFile = join(place, `${name}.pem`);
    await openssl(['x509', '-req', '-in', csr, '-CA', 'ca.pem', '-CAkey', 'plain.key', '-set_serial', `0x4${i}`, '-days', '365', '-extfile', 'e.cnf', '-out', certificateFile], work);
    devices.push({ name, keyFile, certificateFile });
  }
  const env = { QT_QPA_PLATFORM: 'offscreen', HOME: work, XDG_CONFIG_HOME: work, XDG_DATA_HOME: work, PASSWORD: FORMER_PASSPHRASE };
  const database = join(folder, 'former.xdb');
  await mustRun('python3', ['-c', ASK_ON_A_TERMINAL, 'xca', '--no-gui', `--database=${database}`, '--import', '--exit', 'plain.key', 'ca.pem', ...devices.map(({ certificateFile }) => certificateFile)], { cwd: work, env, patience: 60_000 });
  const sql = new Database(database);
  const ca = sql.prepare<[], { id: number }>('SELECT item AS id FROM certs WHERE ca = 1').get();
  const revoke = sql.prepare('INSERT INTO revocations (caId, serial, date, invaldate, crlNo, reasonBit) VALUES (?, ?, ?, ?, NULL, ?)');
  revoke.run(ca?.id, '41', '20260901120000Z', '20260901120000Z', 1);
  revoke.run(ca?.id, '42', '20260902120000Z', '20260902120000Z', 6);
  sql.close();
  await mustRun('xca', ['--no-gui', `--database=${database}`, '--password=env:PASSWORD', `--crlgen=${commonName}`, '--name=last'], { cwd: work, env, patience: 60_000 });
  return { folder, passphrase: FORMER_PASSPHRASE, caFile: join(work, 'ca.pem'), devices: devices.slice(0, 1), revoked: ['41', '42'], commonName };
}

/** A network of its own with nothing but loopback, for scepserver binds every interface. */
const ISOLATED = 'ip link set lo up && exec "$@"';

/** The depot of a micromdm scepserver, and two devices that its scepclient enrolled there. */
export async function makeMicromdmDepot(place: string): Promise<FormerCa> {
  const folder = join(place, 'micromdm');
  await mustRun('scepserver', ['ca', '-init', '-depot', folder, '-key-password', FORMER_PASSPHRASE, '-keySize', '2048', '-organization', 'Former micromdm'], { cwd: place });
  for (const name of ['mdm1', 'mdm2']) mkdirSync(join(place, name), { recursive: true });
  const enrol = `scepserver -depot "$0" -port 9001 -challenge c -capass "$PASSWORD" & server=$!; sleep 1
    for name in mdm1 mdm2; do scepclient -server-url http://127.0.0.1:9001/scep -private-key $name/k.key -certificate $name/c.pem -cn $name -organization Test -challenge c || exit 1; done; kill $server`;
  const done = await startProgram('unshare', ['--net', 'sh', '-c', ISOLATED, 'sh', 'sh', '-c', enrol, folder], { cwd: place, env: { PASSWORD: FORMER_PASSPHRASE }, patience: 60_000 }).done;
  await waitFor('two enrolled devices', () => (['mdm1', 'mdm2'].every((name) => readdirSync(join(place, name)).includes('c.pem')) ? true : undefined), 1_000).catch(() => {
    throw new Error(`scepserver: ${done.stderr}`);
  });
  cpSync(join(folder, 'ca.pem'), join(place, 'micromdm-ca.pem'));
  const devices = ['mdm1', 'mdm2'].map((name) => ({ name, keyFile: join(place, name, 'k.key'), certificateFile: join(place, name, 'c.pem') }));
  return { folder, passphrase: FORMER_PASSPHRASE, caFile: join(place, 'micromdm-ca.pem'), devices, revoked: [], commonName: 'SCEP CA' };
}

/** What a step-ca leaves in its folder: root, intermediate with its encrypted EC key, certificates as they were exported, and a CRL. */
export async function makeStepCa(place: string): Promise<FormerCa> {
  const folder = join(place, 'step');
  const work = join(place, 'step-work');
  for (const name of [join(folder, 'certs'), join(folder, 'secrets'), join(folder, 'db'), join(folder, 'exported'), work]) mkdirSync(name, { recursive: true });
  const p256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  await makeRoot(work, 'root.key', '../step/certs/root_ca.crt', 'Former step Root', p256);
  await openssl(['req', ...p256, '-keyout', 'plain.key', '-nodes', '-out', 'i.csr', '-subj', '/O=Test/CN=Former step Intermediate'], work);
  writeFileSync(join(work, 'i.cnf'), 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n');
  await openssl(['x509', '-req', '-in', 'i.csr', '-CA', '../step/certs/root_ca.crt', '-CAkey', 'root.key', ...pass('in'), '-CAcreateserial', '-days', '3650', '-extfile', 'i.cnf', '-out', '../step/certs/intermediate_ca.crt'], work);
  // `EC PRIVATE KEY` with Proc-Type and DEK-Info (AES-256-CBC), as step writes it.
  await openssl(['ec', '-in', 'plain.key', '-aes256', ...pass('out'), '-out', '../step/secrets/intermediate_ca_key'], work);
  writeFileSync(join(folder, 'db', 'MANIFEST'), 'Bdgr');
  writeFileSync(join(work, 'e.cnf'), 'keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\nsubjectKeyIdentifier=hash\n');
  const devices: FormerDevice[] = [];
  for (const [i, name] of ['step1', 'step2'].entries()) {
    const { keyFile, csr } = await makeRequest(place, name);
    const certificateFile = join(place, `${name}.pem`);
    await openssl(['x509', '-req', '-in', csr, '-CA', '../step/certs/intermediate_ca.crt', '-CAkey', 'plain.key', '-set_serial', `0x7${i}`, '-days', '365', '-extfile', 'e.cnf', '-out', certificateFile], work);
    cpSync(certificateFile, join(folder, 'exported', `${name}.crt`));
    devices.push({ name, keyFile, certificateFile });
  }
  for (const [name, content] of Object.entries({ 'index.txt': '', crlnumber: '03\n', 'crl.cnf': '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n' })) writeFileSync(join(work, name), content);
  const ca = ['ca', '-config', 'crl.cnf', '-cert', '../step/certs/intermediate_ca.crt', '-keyfile', 'plain.key'];
  await openssl([...ca, '-revoke', devices[1]?.certificateFile ?? '', '-crl_reason', 'superseded'], work);
  await openssl([...ca, '-gencrl', '-out', '../step/exported/crl.pem'], work);
  const chain = join(place, 'step-ca.pem');
  writeFileSync(chain, readFileSync(join(folder, 'certs/intermediate_ca.crt'), 'utf8') + readFileSync(join(folder, 'certs/root_ca.crt'), 'utf8'));
  return { folder, passphrase: FORMER_PASSPHRASE, caFile: chain, devices: devices.slice(0, 1), revoked: ['71'], commonName: 'Former step Intermediate' };
}

/** An NDES machine's CA: the exported PKCS #12, and the certutil view of its database as a German Windows writes it. */
export async function makeAdcs(place: string): Promise<FormerCa> {
  const folder = join(place, 'adcs');
  const work = join(place, 'adcs-work');
  for (const name of [folder, work]) mkdirSync(name, { recursive: true });
  await makeRoot(work, 'ca.key', 'ca.pem', 'Former NDES');
  await openssl(['pkcs12', '-export', '-inkey', 'ca.key', ...pass('in'), '-in', 'ca.pem', ...pass('out'), '-out', '../adcs/ca.p12'], work);
  await openssl(['rsa', '-in', 'ca.key', ...pass('in'), '-out', 'plain.key'], work);
  writeFileSync(join(work, 'e.cnf'), 'keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n');
  const devices: FormerDevice[] = [];
  const rows = ['"Anforderungs-ID","Seriennummer","Anforderungsdisposition","Sperrdatum","Sperrgrund","Binäres Zertifikat"'];
  const line = (serial: string, disposition: string, date: string, reason: string, pem: string): void => void rows.push([String(rows.length), serial, disposition, date, reason, pem].map((cell) => `"${cell}"`).join(','));
  for (const [i, name] of ['ndes1', 'ndes2'].entries()) {
    const { keyFile, csr } = await makeRequest(place, name);
    const certificateFile = join(place, `${name}.pem`);
    await openssl(['x509', '-req', '-in', csr, '-CA', 'ca.pem', '-CAkey', 'plain.key', '-set_serial', `0x61000000${i}0`, '-days', '365', '-extfile', 'e.cnf', '-out', certificateFile], work);
    const pem = readFileSync(certificateFile, 'utf8').replaceAll('\n', '\r\n');
    if (i === 0) line(`61000000${i}0`, '20 -- Ausgestellt', 'EMPTY', 'EMPTY', pem);
    else line(`61000000${i}0`, '21 -- Gesperrt', '26.10.2026 14:05', '0x1 (1) -- Grund: Schlüssel kompromittiert', pem);
    devices.push({ name, keyFile, certificateFile });
  }
  line('6100000099', '21 -- Gesperrt', '01.11.2026 09:00', '0x5 (5)', 'EMPTY');
  line('', '30 -- Fehler', 'EMPTY', 'EMPTY', 'EMPTY');
  // As PowerShell's > writes it.
  writeFileSync(join(folder, 'view.csv'), Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(`${rows.join('\r\n')}\r\n`, 'utf16le')]));
  return { folder, passphrase: FORMER_PASSPHRASE, caFile: join(work, 'ca.pem'), devices: devices.slice(0, 1), revoked: ['610000001000'.slice(0, 10), '6100000099'], commonName: 'Former NDES' };
}
