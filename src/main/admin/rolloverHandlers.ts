/** The channels of a rollover: times come as text and leave as text; each step answers with how the rollover stands afterwards. */
import { toPem } from '../core/lib/bytes.ts';
import { type Instant, fromIso } from '../core/lib/instant.ts';
import { ok } from '../core/lib/result.ts';
import type { Outcome } from '../application/deps.ts';
import { activateGeneration } from '../application/rollover/activate.ts';
import { makeLinks } from '../application/rollover/links.ts';
import { previewRollover } from '../application/rollover/preview.ts';
import { publishGeneration } from '../application/rollover/publish.ts';
import { retireGeneration, undoStep } from '../application/rollover/retire.ts';
import { stageGeneration } from '../application/rollover/stage.ts';
import { rolloverStatus } from '../application/rollover/status.ts';
import type { RolloverDeps, Stepped } from '../application/rollover/steps.ts';
import { withdrawGeneration } from '../application/rollover/withdraw.ts';
import type { Channel } from '../../preload/contract/channels.ts';
import { type Handler, keyed, open } from './handler.ts';
import { presentLinks, presentRollover, presentRolloverPreview, presentStepBackup } from './presentRollover.ts';
import type { Shown } from './present.ts';

/** The contract has looked at its form; a day that no month has is none of the past either, and is refused by the use case. */
const instant = (text: string | undefined): Instant | undefined => (text === undefined ? undefined : (fromIso(text) ?? 0));

const FIRST_DEVICES = 50;

async function afterStep(deps: RolloverDeps, authorityId: string, outcome: Outcome<Stepped>): Outcome<Shown<'rollover.publish'>> {
  const stepped = await outcome;
  if (!stepped.ok) return stepped;
  const status = await rolloverStatus(deps, { authorityId, limit: FIRST_DEVICES });
  if (!status.ok) return status;
  const shown = presentRollover(deps, status.value);
  return ok({ ...shown, findings: [...stepped.value.findings, ...shown.findings], backup: presentStepBackup(stepped.value.backup) });
}

type RolloverChannel = Extract<Channel, `rollover.${string}`>;

export const rolloverHandlers: { readonly [C in RolloverChannel]: Handler<C> } = {
  'rollover.status': open(async (deps, input) => {
    const status = await rolloverStatus(deps, input);
    return status.ok ? ok(presentRollover(deps, status.value)) : status;
  }),
  'rollover.stage': keyed(async (deps, { notBefore, activateAt, ...input }, actor) => {
    const staged = await stageGeneration(deps, { ...input, notBefore: instant(notBefore), activateAt: instant(activateAt) }, actor);
    if (!staged.ok) return staged;
    const { signingRequest } = staged.value;
    const after = await afterStep(deps, input.authorityId, Promise.resolve(staged));
    return after.ok ? ok({ ...after.value, signingRequest: signingRequest === null ? null : { name: signingRequest.name, csrPem: toPem('CERTIFICATE REQUEST', signingRequest.der), sha256: signingRequest.sha256 } }) : after;
  }),
  'rollover.preview': open(async (deps, { notBefore, activateAt, ...input }) => {
    const preview = await previewRollover(deps, { ...input, notBefore: instant(notBefore), activateAt: instant(activateAt) });
    return preview.ok ? ok(presentRolloverPreview(deps, preview.value)) : preview;
  }),
  'rollover.publish': keyed((deps, { activateAt, ...input }, actor) => afterStep(deps, input.authorityId, publishGeneration(deps, { ...input, activateAt: instant(activateAt) }, actor))),
  'rollover.withdraw': keyed((deps, input, actor) => afterStep(deps, input.authorityId, withdrawGeneration(deps, input, actor))),
  'rollover.activate': keyed((deps, input, actor) => afterStep(deps, input.authorityId, activateGeneration(deps, input, actor))),
  'rollover.retire': keyed((deps, input, actor) => afterStep(deps, input.authorityId, retireGeneration(deps, input, actor))),
  'rollover.undo': keyed((deps, { activateAt, ...input }, actor) => afterStep(deps, input.authorityId, undoStep(deps, { ...input, activateAt: instant(activateAt) }, actor))),
  'rollover.links': keyed(async (deps, input, actor) => {
    const links = await makeLinks(deps, input, actor);
    return links.ok ? ok(presentLinks(deps, links.value)) : links;
  }),
};
