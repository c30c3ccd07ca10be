/** Whoever looks at the challenges hears of those that are made and withdrawn elsewhere. */
import { expect, it } from 'vitest';
import { createChallenge, withdrawChallenge } from '../../../src/main/application/challenges.ts';
import { ADMIN, must, openOffice } from '../../support/office.ts';

it('a challenge that is made or withdrawn is told by its id, never by its password; withdrawing it twice is no news', async () => {
  const { deps, close } = await openOffice();
  const heard: unknown[] = [];
  deps.events.subscribe((name, detail) => name === 'challenges.changed' && heard.push(detail));
  const { challenge } = must(await createChallenge(deps, { label: 'Printer' }, ADMIN));
  must(await withdrawChallenge(deps, { id: challenge.id }, ADMIN));
  must(await withdrawChallenge(deps, { id: challenge.id }, ADMIN));
  expect(heard).toEqual([{ id: challenge.id }, { id: challenge.id }]);
  await close();
});
