/**
 * Who spoke SCEP to the listener last. Questions for capabilities and certificates are too many for the transaction log, yet the first of them
 * is what tells an admin that a new device reaches the CA. In memory only: it is news, not a record.
 */
import type { Instant } from '../../core/lib/instant.ts';

export interface Contact {
  readonly at: Instant;
  readonly source: string;
  readonly path: string;
  /** `GetCACaps`, `GetCACert`, `PKIOperation` … */
  readonly operation: string;
}

export interface Contacts {
  add(contact: Contact): void;
  /** Null until the first one since the start. */
  last(): Contact | null;
}

export function createContacts(): Contacts {
  let latest: Contact | null = null;
  return {
    add: (contact) => {
      latest = contact;
    },
    last: () => latest,
  };
}
