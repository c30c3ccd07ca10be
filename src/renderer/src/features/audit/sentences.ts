/** What an entry tells, as a sentence without its actor. An action that is not known here is told by its code. */
import type { Detail, Entry } from './types.ts';

type Told = Pick<Entry, 'action' | 'outcome' | 'code' | 'detail' | 'subject'>;
type Say = string | ((entry: Told) => string);

interface Sentences {
  readonly ok: Say;
  /** Where it was refused or failed. */
  readonly not?: Say;
}

const text = (detail: Detail, name: string): string | undefined => {
  const value = detail[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
};

/** What stands behind the colon: `endpoint:/scep/lab`. */
const named = ({ subject }: Told): string => subject.slice(subject.indexOf(':') + 1);

const of = (entry: Told, name = 'subject'): string => text(entry.detail, name) ?? named(entry);

const PAIRING: Readonly<Record<string, string>> = {
  invited: 'Invited another machine to serve an authority',
  accepted: 'Accepted to serve an authority whose key is on another machine',
  paired: 'Paired with the machine that serves an authority',
  ended: 'Ended a pairing',
};

const SENTENCES: Readonly<Record<string, Sentences>> = {
  'request.receive': {
    ok: (entry) => {
      const proof = text(entry.detail, 'proof');
      const how = proof === 'challenge' ? ' with a challenge' : proof === 'certificate' ? ' to renew its certificate' : '';
      return entry.code === 'held' ? `Asked for a certificate for ${of(entry)}${how}; the request waits` : `Asked for a certificate for ${of(entry)}${how}; granted at once`;
    },
  },
  'request.match': { ok: 'Compared a fingerprint: it is the device’s', not: 'Compared a fingerprint: it differs from the device’s' },
  'request.approve': { ok: (entry) => `Approved the request of ${of(entry)}${entry.detail['matched'] === true ? ', its fingerprint matched' : ''}` },
  'request.refuse': {
    ok: (entry) => (entry.code === 'signer-revoked' ? 'Refused a renewal whose certificate was revoked meanwhile' : `Refused a request: ${text(entry.detail, 'reason') ?? 'no reason given'}`),
  },
  'request.reopen': { ok: 'Reopened a refused request' },
  'request.lapse': { ok: 'Let a request lapse that nobody decided in time' },
  'request.supersede': { ok: 'Replaced a waiting request by a newer one of the same device' },
  'request.resume': { ok: 'Took up an approved request again, now that the keys are there' },
  'request.tell': { ok: (entry) => (entry.code === 'issued' ? 'Was sent its certificate' : entry.code === 'refused' ? 'Was told that its request was refused' : 'Was told how its request stands') },
  'certificate.issue': {
    ok: (entry) => (entry.code === 'renewed' ? `Renewed the certificate of ${of(entry)}` : text(entry.detail, 'kind') === 'device' ? `Issued a certificate to ${of(entry)}` : `Issued a certificate of the CA’s own, ${of(entry)}`),
    not: (entry) => `Gave up a certificate that had been begun: ${text(entry.detail, 'reason') ?? entry.code}`,
  },
  'certificate.revoke': { ok: (entry) => (entry.code === 'held' ? `Put the certificate of ${of(entry)} on hold` : `Revoked the certificate of ${of(entry)} (${text(entry.detail, 'reason') ?? 'unspecified'})`) },
  'certificate.release': { ok: (entry) => `Released the certificate of ${of(entry)} from its hold` },
  'certificate.import': { ok: (entry) => `Took over the certificate of ${of(entry)}${entry.code === 'valid' ? '' : `, which is ${entry.code}`}` },
  'migration.revocation': { ok: (entry) => (entry.code === 'released' ? `Let go of the revocation of serial ${named(entry)}, as the signing machine did` : `Took over the revocation of serial ${named(entry)}, whose certificate is not here`) },
  'challenge.create': { ok: (entry) => `Made a challenge${forLabel(entry)}` },
  'challenge.withdraw': { ok: (entry) => `Withdrew a challenge${forLabel(entry)}` },
  'authority.key': { ok: (entry) => `Made the key of the authority ${of(entry, 'commonName')}` },
  'authority.create': { ok: (entry) => `Created the authority ${of(entry, 'commonName')}` },
  'authority.request': { ok: (entry) => `Wrote a signing request for the authority ${of(entry, 'commonName')}` },
  'authority.install': {
    ok: (entry) => (entry.code === 'chain-completed' ? `Completed the chain of the authority ${of(entry, 'commonName')}` : `Installed the certificate of the authority ${of(entry, 'commonName')}`),
    not: 'Brought a certificate for an authority that does not fit it',
  },
  'authority.import': { ok: (entry) => `Imported the authority ${of(entry, 'commonName')}`, not: 'Tried to import an authority from files that do not fit' },
  'authority.split': { ok: (entry) => `Gave the authority ${of(entry, 'commonName')} a SCEP key of its own` },
  'authority.combine': { ok: (entry) => `Let the authority ${of(entry, 'commonName')} open SCEP messages with its own key again` },
  'authority.renewScepKey': { ok: (entry) => `Renewed the SCEP key of the authority ${of(entry, 'commonName')}` },
  'authority.forgetScepKey': { ok: (entry) => `Took a SCEP key of the authority ${of(entry, 'commonName')} out of use, long after its end` },
  'authority.signRequest': {
    ok: (entry) => `Had the authority ${of(entry, 'commonName')} sign the CA ${of(entry)}`,
    not: (entry) => `Brought the authority ${of(entry, 'commonName')} a signing request that it must not sign`,
  },
  'rollover.stage': { ok: (entry) => `Staged ${generationOf(entry)}${entry.code === 'awaiting-certificate' ? '; it awaits its certificate' : ''}`, not: 'Could not stage a next generation' },
  'rollover.publish': { ok: (entry) => (entry.code === 'date-moved' ? `Moved the date at which ${generationOf(entry)} takes over` : `Published ${generationOf(entry)}: devices are told of it`), not: 'Could not publish a next generation' },
  'rollover.withdraw': { ok: (entry) => (entry.code === 'unpublished' ? `Withdrew the publication of ${generationOf(entry)}` : `Dropped ${generationOf(entry)} and its key`), not: 'Could not withdraw a next generation' },
  'rollover.activate': { ok: (entry) => `Let ${generationOf(entry)} take over`, not: 'Could not let a next generation take over' },
  'rollover.retire': { ok: (entry) => `Retired ${generationOf(entry)}`, not: 'Could not retire a generation' },
  'rollover.undo': { ok: (entry) => (entry.code === 'retirement-undone' ? `Brought ${generationOf(entry)} back from its retirement` : `Undid the takeover of ${generationOf(entry)}`), not: 'Could not undo a step of a rollover' },
  'rollover.announce': { ok: (entry) => `Signed anew what devices are told of ${generationOf(entry)}` },
  'rollover.links': { ok: (entry) => `Signed a link certificate with ${generationOf(entry)}`, not: 'Could not make link certificates' },
  'authority.generation': { ok: (entry) => `Took over how generation ${named(entry).split('/')[1] ?? ''} of an authority stands on the signing machine: ${entry.code}` },
  'authority.certifyKey': { ok: (entry) => `Certified ${text(entry.detail, 'purpose') === 'ocsp' ? 'an OCSP' : 'a SCEP'} key of ${text(entry.detail, 'holder') ?? 'the paired machine'}` },
  'courier.pair': { ok: (entry) => PAIRING[entry.code] ?? 'Paired two machines' },
  'courier.export': { ok: (entry) => `Wrote courier file ${text(entry.detail, 'sequence') ?? ''} with ${entry.code}` },
  'courier.import': { ok: (entry) => `Took in courier file ${text(entry.detail, 'sequence') ?? ''} with ${entry.code}`, not: (entry) => `Refused a courier file: ${text(entry.detail, 'reason') ?? entry.code}` },
  'migration.import': { ok: (entry) => `Completed an import from another CA product, with ${countOf(entry.detail['certificates'], 'certificate', 'certificates')}`, not: 'Tried to import a CA whose files do not fit' },
  'migration.batch': { ok: (entry) => `Took over ${countOf(entry.detail['certificates'], 'certificate', 'certificates')} in one go` },
  'migration.export': {
    ok: (entry) => (entry.code === 'exported-with-key' ? `Took the authority ${of(entry, 'commonName')} out, with its private key` : `Took the authority ${of(entry, 'commonName')} out, without its key`),
    not: 'Tried to take an authority out and was refused',
  },
  'crl.publish': { ok: (entry) => `Published CRL ${text(entry.detail, 'number') ?? ''} with ${countOf(entry.detail['entries'], 'certificate', 'certificates')}` },
  'endpoint.save': { ok: (entry) => `Saved the endpoint ${named(entry)}` },
  'endpoint.remove': { ok: (entry) => `Removed the endpoint ${named(entry)}` },
  'profile.save': { ok: (entry) => `Saved the certificate profile ${of(entry, 'name')}` },
  'profile.remove': { ok: (entry) => `Removed the certificate profile ${of(entry, 'name')}` },
  'listener.configure': { ok: 'Moved the listener to another address', not: 'Could not move the listener to another address' },
  'settings.update': { ok: (entry) => `Changed the settings: ${Object.keys(entry.detail).filter((name) => !name.endsWith('Before')).map(sayName).join(', ').toLowerCase()}` },
  'desktop.configure': { ok: (entry) => (entry.detail['startAtLogin'] === true ? 'Lets Countersign start at login' : 'Stopped Countersign from starting at login'), not: 'Could not change the start at login' },
  'backup.create': { ok: (entry) => `Made the backup ${named(entry)}${entry.detail['scheduled'] === true ? ' on schedule' : ''} and proved it by a trial restore`, not: (entry) => `Could not make a backup: ${text(entry.detail, 'reason') ?? entry.code}` },
  'backup.verify': { ok: (entry) => (entry.code === 'proven' ? 'Proved a backup by a trial restore' : 'Proved a backup of another installation by a trial restore'), not: 'Looked at a backup that cannot be restored' },
  'backup.schedule': { ok: (entry) => (entry.code === 'off' ? 'Ended the scheduled backups' : `Scheduled a backup every ${countOf(entry.detail['everyDays'], 'day', 'days')}`) },
  'backup.remove': { ok: (entry) => `Removed the old backup ${named(entry)}` },
  'backup.restore': { ok: (entry) => `Restored everything from the backup of ${text(entry.detail, 'backupOf') ?? 'an unknown time'}`, not: 'Tried to restore a backup and was refused' },
  'vault.initialize': { ok: (entry) => `Set up the vault, opened by ${text(entry.detail, 'kind') === 'keychain' ? 'the system’s keychain' : 'a passphrase'}`, not: 'Could not set up the vault' },
  'vault.unlock': { ok: 'Unlocked the vault', not: (entry) => (entry.code === 'wrong-passphrase' ? 'Tried to unlock the vault with a wrong passphrase' : 'Could not unlock the vault') },
  'vault.lock': { ok: 'Locked the vault' },
  'vault.changePassphrase': { ok: 'Changed the vault’s passphrase', not: 'Could not change the vault’s passphrase' },
  'window.lock': { ok: 'Locked the window' },
  'window.unlock': { ok: 'Unlocked the window', not: 'Tried to unlock the window and was refused' },
  'message.refuse': { ok: 'Refused a message', not: (entry) => `Sent a message that was refused: ${text(entry.detail, 'reason') ?? entry.code.replace(/-/g, ' ')}` },
  'noise.summary': { ok: 'Turned messages away', not: (entry) => `Turned away ${countOf(sumOf(entry.detail), 'message', 'messages')} from ${named(entry)} that nobody could read` },
};

function forLabel({ detail }: Told): string {
  const label = text(detail, 'label') ?? text(detail, 'subject');
  return label === undefined ? '' : ` for ${label}`;
}

/** From `authority:<id>/<generation>`. */
function generationOf({ subject }: Told): string {
  const number = /\/(\d+)$/.exec(subject)?.[1];
  return number === undefined ? 'a generation' : `generation ${number}`;
}

const countOf = (value: unknown, one: string, many: string): string => `${String(value ?? 0)} ${value === 1 ? one : many}`;

const sumOf = (detail: Detail): number => Object.values(detail).reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0);

/** The entry as a sentence, without a full stop. */
export function sayEntry(entry: Told): string {
  const sentences = Object.hasOwn(SENTENCES, entry.action) ? SENTENCES[entry.action] : undefined;
  if (sentences === undefined) return entry.outcome === 'ok' ? entry.action : `${entry.action}: ${entry.code}`;
  const say = entry.outcome === 'ok' ? sentences.ok : (sentences.not ?? (({ code }: Told) => `${typeof sentences.ok === 'string' ? sentences.ok : entry.action}: ${code}`));
  return typeof say === 'string' ? say : say(entry);
}

/** A field's name in words: `csrSha256` is `Csr sha256`. */
export const sayName = (name: string): string => {
  const words = name.replace(/-/g, ' ').replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};
