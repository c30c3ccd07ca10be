/** Two machines in the middle of a courier's life, through the real doors: paired, with requests that came and went, and files on the stick for whoever wants to take them. */
import type { TestWindow } from './window.ts';
import { must, openDevice } from './seedDevice.ts';

type Machine = Pick<TestWindow, 'call'>;

/** Files in base64, by what they are. */
export interface Stick {
  /** From the signer, not taken in yet: two certificates, one refusal, one undecided. */
  readonly certificates: string;
  /** From the listener. */
  readonly requests: string;
  /** Of a second pairing, for another authority. */
  readonly invitation: string;
}

const DEVICES = ['camera-gate', 'door-3', 'printer-hall', 'phone-front'] as const;

/** The listener holds no authority before. */
export async function seedCourier(signer: Machine, listener: Machine): Promise<Stick> {
  const { id } = await signer.call('authorities.create', { commonName: 'Vault CA', organization: 'Example Ltd', key: 'p256' });
  const invitation = fileOf(await signer.call('courier.pair', { step: 'invite', authorityId: id, name: 'Safe' }));
  const acceptance = fileOf(await listener.call('courier.pair', { step: 'accept', file: invitation, fingerprint: await writerOf(listener, invitation), name: 'Front desk' }));
  await signer.call('courier.pair', { step: 'confirm', file: acceptance, fingerprint: await writerOf(signer, acceptance) });
  await listener.call('courier.importCertificates', { file: (await signer.call('courier.exportCertificates')).file.base64 });

  const { scepUrl } = await listener.call('status.get');
  if (scepUrl === null) throw new Error('the listener is down');
  for (const [i, name] of DEVICES.entries()) await must('PENDING', (await openDevice(scepUrl, { subject: `CN=${name}`, host: 20 + i })).enrol());
  const requests = (await listener.call('courier.exportRequests')).file.base64;
  await signer.call('courier.importRequests', { file: requests });
  const { items } = await signer.call('requests.list', { state: 'pending' });
  const [first, second, third] = items;
  if (first === undefined || second === undefined || third === undefined) throw new Error('the requests did not come');
  for (const { id: request, version, spkiSha256 } of [first, second]) await signer.call('requests.approve', { id: request, version, spkiSha256 });
  await signer.call('requests.refuse', { id: third.id, version: third.version, reason: 'Not on the list of devices for this house.' });
  const certificates = (await signer.call('courier.exportCertificates')).file.base64;
  const branch = await signer.call('authorities.create', { commonName: 'Branch CA', organization: 'Example Ltd', key: 'p256' });
  await signer.call('endpoints.save', { path: '/scep/branch', authorityId: branch.id, profileId: 'device', authorization: 'hold', compatibility: 'standard', enabled: true });
  return { certificates, requests, invitation: fileOf(await signer.call('courier.pair', { step: 'invite', authorityId: branch.id, name: 'Safe' })) };
}

function fileOf({ file }: { readonly file: { readonly base64: string } | null }): string {
  if (file === null) throw new Error('no file was written');
  return file.base64;
}

async function writerOf({ call }: Machine, file: string): Promise<string> {
  const { shown } = await call('courier.pair', { step: 'read', file });
  if (shown === null) throw new Error('the file shows nothing');
  return shown.from.fingerprint;
}
