/** What each step of a rollover does, what it costs, and how long it can be taken back, for an admin who does it once in ten years. */
import type { StateLook } from '../../../design/tones.ts';
import { type ForwardStep, type Rollover, type StepName, formerGeneration, nextGeneration, unaware, workingGeneration } from './stages.ts';

export interface StepWords {
  readonly title: string;
  readonly does: string;
  readonly costs: string;
  readonly back: string;
  readonly button: string;
  /** Asked before it is done, where it does not simply turn back. */
  readonly question?: string;
}

const plural = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** `15 devices do not know the new CA yet, and …` */
export function sayUnaware(count: number | undefined): string {
  if (count === undefined) return 'Nobody was told of it yet: devices meet it when they renew.';
  if (count === 0) return 'Every device knows the new CA already.';
  return `${plural(count, 'device does', 'devices do')} not know the new CA yet and may turn down what it issues until ${count === 1 ? 'its' : 'their'} trust is renewed.`;
}

export function wordsOf(step: ForwardStep, rollover: Rollover): StepWords {
  const next = nextGeneration(rollover)?.number ?? '';
  const former = formerGeneration(rollover);
  switch (step) {
    case 'stage':
      return {
        title: 'Stage the next generation',
        does: `Makes a new key and its CA certificate under the same name${rollover.scepKey === 'split' ? ', and the SCEP certificate that goes with it' : ''}. They wait here.`,
        costs: 'Nothing: devices notice nothing, and everything goes on as it is.',
        back: 'At any time until it takes over.',
        button: 'Stage it',
      };
    case 'publish':
      return {
        title: `Publish generation ${next}`,
        does: 'Tells devices that there is a next CA. Those that speak GetNextCACert fetch its certificate, signed by today’s key, before they need it.',
        costs: 'Devices that do not speak it, and everyone else who checks certificates, must get the new certificate from you: by MDM, or from Trust export.',
        back: 'Until it takes over. Whoever fetched it keeps a certificate that is never used.',
        button: 'Publish it',
      };
    case 'activate':
      return {
        title: `Let generation ${next} take over`,
        does: `From then on generation ${next} signs what devices get. Certificates of generation ${workingGeneration(rollover)?.number ?? ''} stay valid, and renew into the new one.`,
        costs: sayUnaware(unaware(rollover)),
        back: 'Only until the first certificate is issued by it.',
        button: 'Take over now',
        question: `Let generation ${next} take over now?`,
      };
    case 'retire':
      return {
        title: `Retire generation ${former?.number ?? ''}`,
        does: 'Ends the overlap: devices are no longer given the former CA. Its key still signs its revocation lists, opens late messages and lets late devices renew.',
        costs: former === undefined || former.certificates === 0 ? 'Nothing: no device has a valid certificate by it any more.' : `${plural(former.certificates, 'valid certificate is', 'valid certificates are')} still by it. They stay valid, and their devices can still renew.`,
        back: 'Yes, it can be undone.',
        button: `Retire generation ${former?.number ?? ''}`,
        question: `Retire generation ${former?.number ?? ''}?`,
      };
  }
}

/** The CA's own reason, as a sentence of its own. */
export const asSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

/** What has just been done, for eyes and ears. */
export const DONE: Readonly<Record<StepName, string>> = {
  stage: 'The next generation is staged',
  publish: 'The next generation is published',
  activate: 'The new generation has taken over',
  retire: 'The former generation is retired',
  withdraw: 'It is withdrawn',
  undo: 'It is undone',
};

export type Standing = Rollover['devices'][number]['standing'];

export const STANDINGS: readonly Standing[] = ['renewed', 'fetched', 'seen', 'silent'];

export const STANDING: Readonly<Record<Standing, StateLook & { readonly text: string }>> = {
  renewed: { word: 'Renewed', tone: 'good', icon: 'doubleCheck', text: 'Has a certificate by the new generation' },
  fetched: { word: 'Fetched', tone: 'notice', icon: 'check', text: 'Asked for the next CA certificate' },
  seen: { word: 'Seen', tone: 'warning', icon: 'eye', text: 'Spoke to the CA since, and did not ask for it' },
  silent: { word: 'Silent', tone: 'danger', icon: 'clock', text: 'Not seen since it was published' },
};
