/** The one listener for keys. Typing in a field is left alone, and so is whatever a component answered itself. */
import { useEffect, useRef } from 'react';
import { ACTIONS } from '../../../preload/contract/actions.ts';
import { isMac } from '../design/platform.ts';
import { usePreference } from '../design/preferences.ts';
import { isSingleKey, readStroke } from './keys.ts';
import { offered, perform } from './registry.ts';

/** The second key of a pair is waited for so long. */
const PAIR_MS = 1_200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [role=combobox]') !== null);

/**
 * A dialog answers for itself, from its first moment, when the focus is not in it yet: a letter must not turn the page beneath, which would take
 * with it what the dialog shows once, and words meant for the palette must not end in a signature.
 */
const isBeneathDialog = (): boolean => document.querySelector('[aria-modal=true]') !== null;

/** Keys that a focused control means for itself. */
const isOwn = (target: EventTarget | null, key: string): boolean => (key === 'Enter' || key === ' ') && target instanceof HTMLElement && target.closest('button, a, summary, [role=button], [role=menuitem]') !== null;

export function Keyboard(): null {
  const [singleKeys] = usePreference('singleKeys');
  const pending = useRef<{ readonly key: string; readonly at: number }>(undefined);
  const beneath = useRef(false);
  useEffect(() => {
    // Asked before anybody answers the key: an Escape that closes a dialog at once must not go on to the page beneath it.
    const look = (): void => {
      beneath.current = isBeneathDialog();
    };
    window.addEventListener('keydown', look, { capture: true });
    return () => {
      window.removeEventListener('keydown', look, { capture: true });
    };
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const first = pending.current !== undefined && Date.now() - pending.current.at < PAIR_MS ? pending.current.key : undefined;
      const typing = isTyping(event.target) || beneath.current || isBeneathDialog();
      const able = ACTIONS.filter(({ id, keys }) => keys !== undefined && offered(id) && (!isSingleKey(keys) || (!typing && singleKeys === 'on')));
      const stroke = readStroke(able, event, first, isMac);
      pending.current = stroke.pending === undefined ? undefined : { key: stroke.pending, at: Date.now() };
      if (stroke.action === undefined || isOwn(event.target, event.key)) return;
      event.preventDefault();
      perform(stroke.action.id);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [singleKeys]);
  return null;
}
