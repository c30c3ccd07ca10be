/** An event that a listener may prevent, as Electron's emitters give it. */
import type { EventEmitter } from 'node:events';

export interface Preventable {
  preventDefault(): void;
  readonly defaultPrevented: boolean;
}

/** Emits with a preventable event first; true where nobody prevented it. */
export function emitPreventable(emitter: EventEmitter, name: string, fields: object = {}, ...args: unknown[]): boolean {
  let prevented = false;
  const event = {
    ...fields,
    preventDefault: () => {
      prevented = true;
    },
    get defaultPrevented() {
      return prevented;
    },
  };
  emitter.emit(name, event, ...args);
  return !prevented;
}
