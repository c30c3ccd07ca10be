/** What every use case is given: one readonly object, made once by hosts/compose (or by a test over memory stores). */
import type { Result } from '../core/lib/result.ts';
import type { Directory } from './directory.ts';
import type { ListenerControl } from './ports/listener.ts';
import type { Resolver } from './ports/resolver.ts';
import type { Secrets } from './ports/secrets.ts';
import type { Store } from './ports/store.ts';
import type { System } from './ports/system.ts';
import type { Vault } from './ports/vault.ts';

export interface Deps extends System {
  /** Of the product, as package.json has it. */
  readonly productVersion: string;
  readonly store: Store;
  readonly directory: Directory;
  readonly vault: Vault;
  readonly secrets: Secrets;
  readonly listener: ListenerControl;
  readonly resolver: Resolver;
  /** Why the audit log is not signed any more: it contradicts its last signature. Null while all is well. */
  readonly auditProblem: () => string | null;
}

/** The CA or the product says no: a stable kebab code, a sentence with the cause, and where there is one the next step. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export type Outcome<T> = Promise<Result<T, Refusal>>;
