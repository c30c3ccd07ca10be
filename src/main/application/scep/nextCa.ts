/** GetNextCACert at the device door (RFC 8894 4.7), and who asked what while there is a next CA to ask for. */
import { MINUTE, type Instant } from '../../core/lib/instant.ts';
import { NEXT_CA_CONTENT_TYPE } from '../../core/scep/nextCa.ts';
import type { Deps } from '../deps.ts';
import type { DeviceReply } from '../deviceDoor.ts';
import type { Directory } from '../directory.ts';

/** The answer as the current key signed it; undefined while there is none: then no capability says so, and an empty 200 would make sscep report success with nothing (SCEP.md A2.31). */
export function nextCaReply(directory: Directory, authorityId: string): Pick<DeviceReply, 'contentType' | 'body'> | undefined {
  const announcement = directory.publishedGeneration(authorityId)?.announcement;
  return announcement ? { contentType: NEXT_CA_CONTENT_TYPE, body: announcement } : undefined;
}

/** From the publication on until the former generation is retired: the time in which an admin looks at who follows. */
export const isRollingOver = (directory: Directory, authorityId: string): boolean =>
  directory.publishedGeneration(authorityId) !== undefined || directory.generations(authorityId).some(({ state }) => state === 'previous');

export interface NextCaWatch {
  /** An address asked for capabilities or certificates; `fetched`: it was given the next CA's. */
  add(authorityId: string, source: string, fetched: boolean): void;
}

// Addresses whose last note is remembered, so that a client that asks for capabilities at every step costs one write a minute.
const REMEMBERED = 5_000;

export function createNextCaWatch({ store, clock, directory }: Pick<Deps, 'store' | 'clock' | 'directory'>): NextCaWatch {
  const noted = new Map<string, Instant>();
  return {
    add: (authorityId, source, fetched) => {
      const generation = directory.publishedGeneration(authorityId)?.number;
      if (generation === undefined) return;
      const at = clock.now();
      const key = `${authorityId} ${generation} ${source} ${fetched}`;
      if (at < (noted.get(key) ?? -Infinity) + MINUTE) return;
      if (noted.size >= REMEMBERED) noted.clear();
      noted.set(key, at);
      store.note({ transactions: [], seen: [], sources: [{ authorityId, generation, source, at, fetched }] });
    },
  };
}
