/**
 * certmonger as a private daemon: its own socket in the place of D-Bus, its own folders, so that neither a system bus nor root is needed
 * and nothing of the machine's own certmonger is touched.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { type ProgramAnswer, makeFolder, mustRun, runProgram, startProgram, waitFor } from './interopPrograms.ts';

export interface Tracked {
  /** MONITORING, CA_WORKING, CA_REJECTED … */
  readonly status: string;
  readonly caError: string | undefined;
  readonly lines: string;
}

export interface Certmonger {
  /** Registers a SCEP server; `signer` where CA and SCEP signer are one certificate (it cannot find that out itself). */
  addCa(name: string, url: string, signer?: string): Promise<void>;
  getcert(...args: readonly string[]): Promise<ProgramAnswer>;
  /** A request's record. */
  list(id: string): Promise<Tracked>;
  /** The record as soon as its status is one of these. */
  reaches(id: string, ...statuses: readonly string[]): Promise<Tracked>;
  stop(): Promise<void>;
}

export async function startCertmonger(): Promise<Certmonger> {
  const folder = makeFolder();
  const dir = (name: string): string => {
    mkdirSync(folder.at(name));
    return folder.at(name);
  };
  const socket = folder.at('socket');
  const env = {
    CERTMONGER_REQUESTS_DIR: dir('requests'),
    CERTMONGER_CAS_DIR: dir('cas'),
    CERTMONGER_LOCAL_CA_DIR: dir('local'),
    CERTMONGER_CONFIG_DIR: dir('config'),
    CERTMONGER_TMPDIR: dir('tmp'),
    CERTMONGER_SYSTEM_LOCK_FILE: folder.at('lock'),
    CERTMONGER_PVT_ADDRESS: `unix:path=${socket}`,
  };
  const daemon = startProgram('certmonger', ['-L', '-P', socket, '-n', '-d', '3'], { env, patience: 300_000 });
  await waitFor('certmonger’s socket', () => (existsSync(socket) ? true : undefined));
  const getcert: Certmonger['getcert'] = (...args) => runProgram('getcert', args, { env });
  const list = async (id: string): Promise<Tracked> => {
    const lines = (await getcert('list', '-i', id)).stdout.toString();
    return { status: /^\s*status: (\S+)/m.exec(lines)?.[1] ?? '', caError: /^\s*ca-error: (.*)$/m.exec(lines)?.[1], lines };
  };
  return {
    getcert,
    list,
    addCa: async (name, url, signer) => {
      await mustRun('getcert', ['add-scep-ca', '-c', name, '-u', url, ...(signer === undefined ? [] : ['-N', signer])], { env });
      // It asks for capabilities and certificates in the background; a request before that is refused.
      await waitFor(`the CA certificates of ${name}`, async () => ((await getcert('list-cas', '-c', name)).stdout.includes('SCEP CA certificate thumbprint') ? true : undefined));
    },
    reaches: async (id, ...statuses) => {
      try {
        return await waitFor(`${id} to be ${statuses.join(' or ')}`, async () => {
          const tracked = await list(id);
          return statuses.includes(tracked.status) ? tracked : undefined;
        });
      } catch (error) {
        throw new Error(`${String(error)}\n${(await list(id)).lines}\n${daemon.said().split('\n').slice(-40).join('\n')}`, { cause: error });
      }
    },
    stop: async () => {
      await daemon.end();
      folder.remove();
    },
  };
}
