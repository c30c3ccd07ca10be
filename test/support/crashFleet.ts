/**
 * Devices and an admin who work at a server that may die at any moment. They remember what they were answered, for that is what must still hold
 * afterwards: certificates in a device's hands, requests it was told to wait for, approvals that the admin saw confirmed.
 */
import type { Output } from '../../src/preload/contract/contract.ts';
import { ecKey, pkcsReq, rsaKey, selfSignedOf, type SentMessage } from './forge.ts';
import { openReply } from './replies.ts';
import { createScepClient } from './scepClient.ts';
import type { TestServer } from './server.ts';

export interface Device {
  readonly name: string;
  readonly sent: SentMessage;
  readonly challengeId: string | null;
  /** The certificate it received. */
  certificate?: Uint8Array;
  /** It was told to wait. */
  waits?: boolean;
}

export interface Fleet {
  readonly devices: readonly Device[];
  /** Ids of requests whose approval was confirmed. */
  readonly approved: ReadonlySet<string>;
  /** Answers that nobody should have got. */
  readonly wrongAnswers: readonly string[];
  /** Devices of a new round: most come with a challenge and an EC key, some must wait. */
  enlist(): readonly Device[];
  /** Sends a device's message, always the same bytes; false where no answer came. */
  ask(server: TestServer, device: Device): Promise<boolean>;
  /** Approves what waits; what the server's death cuts off is no error. */
  approveWaiting(server: TestServer): Promise<void>;
}

type Challenge = Output<'challenges.create'>;

const ROUND = (['ec', 'ec', 'held', 'ec', 'rsa', 'held'] as const).flatMap((kind) => [kind, kind, kind]);

const CHALLENGES_A_ROUND = ROUND.filter((kind) => kind !== 'held').length;

/** Sets a fresh server up, an authority and as many challenges as these rounds of devices take, and musters the fleet for it. */
export async function createCrashFleet(server: TestServer, rounds: number): Promise<Fleet> {
  const authority = await server.call('authorities.create', { commonName: 'Crash CA', key: 'rsa-2048', years: 10, scepKey: 'combined' });
  // Nothing is refused for its number, or a re-sent message would hide behind a full queue.
  await server.call('settings.update', { maxWaiting: 10_000, maxWaitingPerSource: 10_000 });
  const challenges = await Promise.all(Array.from({ length: rounds * CHALLENGES_A_ROUND }, () => server.call('challenges.create', { minutes: 600 })));
  return muster(Buffer.from((authority.certificatePem ?? '').replace(/-----[^-]+-----|\s/g, ''), 'base64'), challenges);
}

function muster(recipient: Uint8Array, challenges: readonly Challenge[]): Fleet {
  const devices: Device[] = [];
  const approved = new Set<string>();
  const wrongAnswers: string[] = [];
  const unused = [...challenges];

  const enlist = (): readonly Device[] => {
    const fresh = ROUND.map((kind, place): Device => {
      const number = devices.length + place;
      const challenge = kind === 'held' ? undefined : unused.pop();
      // An RSA key takes long to make: each round has the same ones, with the same subjects. EC keys are new for every device.
      const key = kind === 'ec' ? ecKey(number) : rsaKey(place);
      const subject = kind === 'ec' ? `CN=router-${number}` : `CN=printer-${place}`;
      const sent = pkcsReq({ key, subject, recipient, signerCertificate: selfSignedOf(key), transactionId: `crash-${number}`, ...(challenge === undefined ? {} : { challenge: challenge.password }) });
      return { name: `${kind}-${number}`, sent, challengeId: challenge?.id ?? null };
    });
    devices.push(...fresh);
    return fresh;
  };

  const ask = async (server: TestServer, device: Device): Promise<boolean> => {
    const answer = await createScepClient(server.scepUrl).send(device.sent.bytes).catch(() => undefined);
    if (answer === undefined) return false;
    if (answer.status !== 200) {
      wrongAnswers.push(`${device.name}: HTTP ${answer.status} ${Buffer.from(answer.bytes).toString().trim()}`);
      return false;
    }
    keep(device, openReply(answer.bytes, device.sent));
    return true;
  };

  const keep = (device: Device, { pkiStatus, failInfoText, certificates: [certificate] }: ReturnType<typeof openReply>): void => {
    if (pkiStatus === 'FAILURE') wrongAnswers.push(`${device.name}: FAILURE ${failInfoText ?? ''}`);
    if (pkiStatus === 'PENDING') {
      device.waits = true;
      if (device.certificate !== undefined) wrongAnswers.push(`${device.name}: PENDING after its certificate`);
    }
    if (certificate === undefined) return;
    if (device.certificate !== undefined && Buffer.compare(device.certificate, certificate) !== 0) wrongAnswers.push(`${device.name}: a second certificate`);
    device.certificate = certificate;
  };

  const approve = async (server: TestServer, { id, version, spkiSha256 }: Output<'requests.list'>['items'][number]): Promise<void> => {
    try {
      await server.call('requests.approve', { id, version, spkiSha256 });
      approved.add(id);
    } catch (error) {
      // A server that is gone answers nothing. Two rounds of approvals may meet at one request.
      const refused = error instanceof Error && error.message.startsWith('requests.approve:');
      if (refused && !/: (stale-version|wrong-state):/.test(error.message)) wrongAnswers.push(error.message);
    }
  };

  return {
    devices,
    approved,
    wrongAnswers,
    enlist,
    ask,
    approveWaiting: async (server) => {
      const page = await server.call('requests.list', { state: 'pending', limit: 500 }).catch(() => undefined);
      await Promise.all((page?.items ?? []).map((request) => approve(server, request)));
    },
  };
}
