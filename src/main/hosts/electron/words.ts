/** What the shell says outside the window: tray, badge and notifications. One place, so that it speaks as the window does. */

export interface Situation {
  readonly waiting: number;
  /** Where devices are served; null while they are not. */
  readonly baseUrl: string | null;
  readonly vault: 'empty' | 'locked' | 'open';
}

/** A request as far as a notification may tell of it: it shows on screens that other people see. */
export interface ToldRequest {
  readonly id: string;
  readonly subject: string;
  readonly source: string;
}

export interface Note {
  readonly title: string;
  readonly body: string;
}

export const waitingWords = (count: number): string => (count === 0 ? 'No request waits' : count === 1 ? 'One request waits' : `${count} requests wait`);

export const listenerWords = ({ baseUrl }: Situation): string => (baseUrl === null ? 'Devices are not served' : `Devices are served at ${baseUrl}`);

export function vaultWords({ vault }: Situation): string {
  switch (vault) {
    case 'empty':
      return 'Not set up yet';
    case 'locked':
      return 'The vault is locked: devices are told to come back';
    case 'open':
      return 'The vault is open';
  }
}

/** One line for the tray's tooltip; what needs somebody comes first. */
export function tooltip(situation: Situation): string {
  const parts = [waitingWords(situation.waiting), listenerWords(situation), ...(situation.vault === 'open' ? [] : [vaultWords(situation)])];
  return `Countersign: ${parts.join(' · ')}`;
}

const LONGEST_NAME = 120;

/**
 * What a device calls itself, for a notification: desktops on Linux read its text as markup, so that a subject could bring a link or a picture.
 * Other signs stand in place of those that begin one.
 */
function toldName(subject: string): string {
  const plain = subject.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('&', '＆');
  return plain.length > LONGEST_NAME ? `${plain.slice(0, LONGEST_NAME)}…` : plain;
}

/** Several at once are one note. A locked window keeps names to itself, and so does its note. */
export function newRequestNote(requests: readonly ToldRequest[], windowLocked: boolean): Note {
  const [only] = requests;
  if (requests.length > 1 || only === undefined) return { title: `${requests.length} new requests`, body: 'They wait for your decision.' };
  if (windowLocked) return { title: 'A new request', body: 'It waits for your decision.' };
  return { title: 'A new request', body: `${only.subject === '' ? 'A device without a name' : toldName(only.subject)}, from ${only.source}` };
}

/** Said once, when the window is closed for the first time. */
export function stillRunningNote({ baseUrl }: Situation): Note {
  return {
    title: 'Countersign keeps running',
    body: `${baseUrl === null ? 'The CA goes on' : 'Devices are still served'} while the window is closed. Open or quit it from its icon in the tray.`,
  };
}
