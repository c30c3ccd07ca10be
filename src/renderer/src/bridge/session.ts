/**
 * Who we are at the loopback web door. The URL's fragment carries a token that works once; it is traded for a session token, which lives
 * in sessionStorage: no cookie that another page's request could ride on, and gone with the tab.
 */
const KEY = 'countersign.session';

const readToken = (): string | undefined => new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;

/** A new link that is pasted into a tab of this window changes the fragment alone and loads nothing by itself: the page is loaded anew with it. */
export function followNewLinks(): void {
  window.addEventListener('hashchange', () => {
    if (readToken() !== undefined) location.reload();
  });
}

/** The one-time token of the fragment, taken out of the address bar and the history at once. */
export function takeToken(): string | undefined {
  const token = readToken();
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

export const storedSession = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;

export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}

/** Trades a one-time token for a session; undefined when it was used before or is too old. */
export async function openSession(token: string): Promise<string | undefined> {
  const response = await fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }) });
  if (!response.ok) return undefined;
  const answer: unknown = await response.json();
  const session = typeof answer === 'object' && answer !== null && 'token' in answer && typeof answer.token === 'string' ? answer.token : undefined;
  if (session !== undefined) sessionStorage.setItem(KEY, session);
  return session;
}
