/** What the benchmark was asked: flags to values, with the defaults of a full run and those of a quick one. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CipherName, DigestName } from '../../src/main/core/pki/crypto.ts';

export interface Options {
  /** Another server than our own; then only what the wire shows is measured, unless `pid` names its process. */
  readonly url: string | undefined;
  readonly challenge: string | undefined;
  readonly pid: number | undefined;
  /** The script that is our own server. */
  readonly server: string;
  readonly peer: 'scepserver' | undefined;
  /** Set by the benchmark itself when it has put itself into a network namespace. */
  readonly isolated: boolean;
  /** How long each measurement lasts. */
  readonly seconds: number;
  /** Enrolments at full load; undefined: as many as `seconds` take. */
  readonly count: number | undefined;
  readonly warmUp: number;
  readonly connections: number;
  /** Enrolments a second in the open loop. */
  readonly offered: number;
  readonly cipher: CipherName | undefined;
  readonly digest: DigestName | undefined;
  /** Where CPU profiles of our own server go. */
  readonly profile: string | undefined;
  readonly json: boolean;
}

export const usage = `npm run bench -- [options]
  --seconds S        how long each measurement lasts (10)
  --count N          enrolments at full load, in the place of a time
  --connections N    kept alive, each with one request in flight (32)
  --offered N        enrolments a second in the open loop (100)
  --quick            a small run of a few seconds
  --json             figures as JSON on standard output
  --profile DIR      write CPU profiles of our server there and say where the time went
  --server FILE      another build of our own server than this one: its bin/countersign.mjs or out/main/headless.js
  --url URL --challenge PW [--pid PID]   another server, already running
  --peer scepserver  micromdm's server of Debian's package scep, in a network namespace with loopback only
  --cipher des-cbc|des-ede3-cbc|aes-128-cbc|aes-256-cbc  --digest sha1|sha256|sha512   what messages use, in the place of what GetCACaps suggests`;

const bin = fileURLToPath(new URL('../../bin/countersign.mjs', import.meta.url));

const CIPHERS: readonly CipherName[] = ['des-cbc', 'des-ede3-cbc', 'aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc'];
const DIGESTS: readonly DigestName[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];

/** Throws an Error with one sentence about the flag that is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      challenge: { type: 'string' },
      pid: { type: 'string' },
      server: { type: 'string' },
      peer: { type: 'string' },
      isolated: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      count: { type: 'string' },
      connections: { type: 'string' },
      offered: { type: 'string' },
      cipher: { type: 'string' },
      digest: { type: 'string' },
      profile: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  if (values.peer !== undefined && values.peer !== 'scepserver') throw new Error('--peer knows scepserver only.');
  const seconds = positive('--seconds', values.seconds) ?? (quick ? 1 : 10);
  return {
    url: values.url,
    challenge: values.challenge,
    pid: whole('--pid', values.pid),
    server: values.server ?? bin,
    peer: values.peer,
    isolated: values.isolated,
    seconds,
    count: whole('--count', values.count),
    warmUp: quick ? 20 : 300,
    connections: whole('--connections', values.connections) ?? (quick ? 8 : 32),
    offered: positive('--offered', values.offered) ?? (quick ? 20 : 100),
    cipher: oneOf('--cipher', values.cipher, CIPHERS),
    digest: oneOf('--digest', values.digest, DIGESTS),
    profile: values.profile,
    json: values.json,
  };
}

function positive(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && value < 1e7)) throw new Error(`${flag} is a number above zero.`);
  return value;
}

function whole(flag: string, text: string | undefined): number | undefined {
  const value = positive(flag, text);
  if (value !== undefined && !Number.isInteger(value)) throw new Error(`${flag} is a whole number.`);
  return value;
}

function oneOf<T extends string>(flag: string, text: string | undefined, allowed: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const found = allowed.find((name) => name === text);
  if (found === undefined) throw new Error(`${flag} is one of ${allowed.join(', ')}.`);
  return found;
}
