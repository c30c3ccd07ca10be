/**
 * How far devices follow a next CA is seen at the listener, where they are; who decides about the rollover sits at the signer. Their last signs of life
 * travel with each file of requests, as the listener's word: nothing but what the signer's rollover shows depends on them.
 */
import { type CarriedFollower, MOST_FOLLOWERS } from '../../core/ca/courierPayload.ts';
import { stageOf } from '../../core/ca/rollover.ts';
import { plainText } from '../../core/pki/text.ts';
import { targetOf } from '../rollover/status.ts';
import { situationOf } from '../rollover/steps.ts';
import type { DeviceContact, SourceContact } from '../ports/store.ts';
import type { CourierDeps } from './deps.ts';

const PAGE = 500;

/** Listener: the devices that asked for the next CA or were seen since it was published. None where no rollover is published. */
export async function carryFollowers(deps: CourierDeps, authorityId: string): Promise<readonly CarriedFollower[]> {
  const authority = deps.directory.authority(authorityId);
  if (authority === undefined) return [];
  const situation = await situationOf(deps, authority);
  const stage = stageOf(situation.standings);
  if (stage !== 'published' && stage !== 'overlap') return [];
  const carried: CarriedFollower[] = [];
  for (const standing of ['fetched', 'seen'] as const) {
    let cursor: string | undefined;
    do {
      const page = await deps.store.read.surveyDevices(authorityId, targetOf(situation, stage), { standing, limit: PAGE, cursor }, situation.facts.now);
      for (const { certificateId, source, lastSeenAt, fetchedAt } of page.page) {
        if (source !== null && lastSeenAt !== null && carried.length < MOST_FOLLOWERS) carried.push({ certificateId, source, lastSeenAt, fetchedAt });
      }
      cursor = page.nextCursor;
    } while (cursor !== undefined && carried.length < MOST_FOLLOWERS);
  }
  return carried;
}

/** Signer: notes them under addresses as requests by this courier have them. Nothing later than now is believed. */
export async function noteFollowers(deps: CourierDeps, authorityId: string, listener: string, followers: readonly CarriedFollower[]): Promise<void> {
  const authority = deps.directory.authority(authorityId);
  if (authority === undefined || followers.length === 0) return;
  const situation = await situationOf(deps, authority);
  const { number: generation } = targetOf(situation, stageOf(situation.standings));
  const { now } = situation.facts;
  const devices: DeviceContact[] = [];
  const sources: SourceContact[] = [];
  for (const { certificateId, source, lastSeenAt, fetchedAt } of followers) {
    if ((await deps.store.read.certificate(certificateId))?.authorityId !== authorityId) continue;
    const there = sourceThere(source, listener);
    devices.push({ certificateId, source: there, at: Math.min(lastSeenAt, now) });
    if (fetchedAt !== null) sources.push({ authorityId, generation, source: there, at: Math.min(fetchedAt, now), fetched: true });
  }
  deps.store.note({ transactions: [], seen: [], devices, sources });
}

/** An address that only the listener knows. */
export const sourceThere = (source: string, listener: string): string => `${plainText(source)} via ${plainText(listener)}`;
