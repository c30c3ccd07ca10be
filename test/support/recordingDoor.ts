/**
 * A device door that decides nothing and remembers everything, behind a real listener on a free loopback port: for what belongs to HTTP alone.
 */
import { createDeviceListener, type DeviceListener } from '../../src/main/adapters/http/listener.ts';
import type { DeviceListenerLimits } from '../../src/main/adapters/http/limits.ts';
import type { DeviceDoor, DeviceReply, DeviceRequest, Noise, OcspQuestion } from '../../src/main/application/deviceDoor.ts';

export interface RecordingDoor extends DeviceDoor {
  readonly requests: DeviceRequest[];
  readonly questions: OcspQuestion[];
  readonly noises: Noise[];
  /** Everything else that was asked, as words: `crl 1 2`, `ca 1 current pem`, `health`. */
  readonly asked: string[];
}

export type Answers = Partial<{
  readonly scep: (request: DeviceRequest) => Promise<DeviceReply> | DeviceReply;
  readonly crl: () => Promise<DeviceReply> | DeviceReply;
}>;

export function replyOf(text: string | Uint8Array, contentType = 'text/plain', headers: Readonly<Record<string, string>> = {}): DeviceReply {
  return { status: 200, contentType, body: typeof text === 'string' ? Buffer.from(text) : text, headers };
}

export function recordingDoor(answers: Answers = {}): RecordingDoor {
  const requests: DeviceRequest[] = [];
  const questions: OcspQuestion[] = [];
  const noises: Noise[] = [];
  const asked: string[] = [];
  const note = (words: string, reply: DeviceReply): DeviceReply => {
    asked.push(words);
    return reply;
  };
  return {
    requests,
    questions,
    noises,
    asked,
    scep: async (request) => {
      requests.push(request);
      return answers.scep?.(request) ?? replyOf('answered');
    },
    crl: async (authority, generation) => note(`crl ${authority} ${generation ?? 'current'}`, (await answers.crl?.()) ?? replyOf('crl', 'application/pkix-crl')),
    caCertificate: async (authority, generation, form) => note(`ca ${authority} ${generation ?? 'current'} ${form}`, replyOf('ca', 'application/pkix-cert')),
    ocsp: async (question) => {
      questions.push(question);
      return replyOf('status', 'application/ocsp-response');
    },
    health: async () => note('health', replyOf('{}', 'application/json')),
    info: async () => note('info', replyOf('{}', 'application/json')),
    noise: (noise) => {
      noises.push(noise);
    },
  };
}

export interface Stage {
  readonly door: RecordingDoor;
  readonly listener: DeviceListener;
  readonly port: number;
  readonly logged: readonly string[];
}

/** A listener over a recording door; whoever sets one up closes it. */
export async function stage(answers: Answers = {}, limits: Partial<DeviceListenerLimits> = {}): Promise<Stage> {
  const door = recordingDoor(answers);
  const logged: string[] = [];
  const log = (level: string, event: string, fields?: unknown): void => {
    logged.push(`${level} ${event} ${JSON.stringify(fields)}`);
  };
  const listener = createDeviceListener({ door, log, limits: { rate: 'off', ...limits }, trustProxy: false });
  const { port } = await listener.listen('127.0.0.1', 0);
  return { door, listener, port, logged };
}
