/** The desktop's own notifications, where it has some. */
import { Notification } from 'electron';
import type { Note } from './words.ts';

// A notification that is garbage-collected is never clicked.
const shown = new Set<Notification>();

/** Shows a note; `onClick` runs when somebody takes it up. */
export function notify({ title, body }: Note, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  shown.add(notification);
  const forget = (): void => void shown.delete(notification);
  notification.on('click', () => {
    forget();
    onClick();
  });
  notification.on('close', forget);
  notification.on('failed', forget);
  notification.show();
}
