/**
 * Who may call: the top frame of our own window, showing our own page. A frame, a popup or a page that navigated away is a stranger,
 * even inside a window of ours. Pure, so that the decision is told as a table.
 */

/** What Electron says of a caller, as far as it matters. */
export interface Sender {
  /** Undefined where the frame is already gone. */
  readonly url: string | undefined;
  readonly isTopFrame: boolean;
  readonly isOwnWindow: boolean;
}

export function isTrusted(sender: Sender, origin: string): boolean {
  if (!sender.isOwnWindow || !sender.isTopFrame || sender.url === undefined) return false;
  // `URL.origin` is 'null' for a scheme of our own, so protocol and host are compared.
  const url = URL.parse(sender.url);
  return url !== null && `${url.protocol}//${url.host}` === origin;
}
