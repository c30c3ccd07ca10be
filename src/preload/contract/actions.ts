/**
 * Everything the window can be told to do, as data: the menu, the palette, the keyboard and the help are views of this one list.
 * What an action does is said where it belongs (renderer); an action that nobody offers at the moment is not shown.
 */

export type ActionMenu = 'file' | 'go' | 'ca' | 'help';

export interface ActionEntry {
  readonly id: string;
  readonly label: string;
  /**
   * `mod+K` (Ctrl, on macOS Cmd), `?`, `J`, or two keys one after the other: `G R`. Keys without `mod` are the page's own and rest while
   * something is typed; an admin may switch them off (WCAG 2.1.4).
   */
  readonly keys?: string;
  /** Where the desktop app's menu bar has it. */
  readonly menu?: ActionMenu;
  /** Other words that the palette finds it by. */
  readonly keywords?: string;
  readonly group: 'Anywhere' | 'Go to' | 'Requests' | 'Create';
}

const entries = [
  { id: 'app.palette', label: 'Find an action or a page', keys: 'mod+K', menu: 'go', group: 'Anywhere' },
  { id: 'app.search', label: 'Search this list', keys: '/', group: 'Anywhere', keywords: 'filter find' },
  { id: 'app.help', label: 'Keyboard shortcuts', keys: '?', menu: 'help', group: 'Anywhere', keywords: 'keys help' },
  { id: 'app.back', label: 'Back to the list', keys: 'Escape', group: 'Anywhere' },
  { id: 'app.lockWindow', label: 'Lock this window', keys: 'mod+shift+L', menu: 'file', group: 'Anywhere', keywords: 'leave away' },
  { id: 'app.lockVault', label: 'Lock the vault', menu: 'ca', group: 'Anywhere', keywords: 'keys close' },
  { id: 'app.unlockVault', label: 'Unlock the vault', menu: 'ca', group: 'Anywhere', keywords: 'keys open passphrase' },
  { id: 'app.scheme', label: 'Switch between light and dark', group: 'Anywhere', keywords: 'theme appearance colour' },

  { id: 'go.requests', label: 'Requests', keys: 'G R', menu: 'go', group: 'Go to', keywords: 'queue pending approve home' },
  { id: 'go.certificates', label: 'Certificates', keys: 'G C', menu: 'go', group: 'Go to', keywords: 'issued revoke' },
  { id: 'go.challenges', label: 'Challenges', keys: 'G H', menu: 'go', group: 'Go to', keywords: 'one-time password' },
  { id: 'go.authorities', label: 'Authorities', keys: 'G A', menu: 'go', group: 'Go to', keywords: 'ca root trust mdm export rollover scep key hierarchy sign' },
  { id: 'go.endpoints', label: 'Endpoints and profiles', keys: 'G E', menu: 'go', group: 'Go to', keywords: 'scep url profile' },
  { id: 'go.courier', label: 'Courier', keys: 'G U', menu: 'go', group: 'Go to', keywords: 'air gap offline stick usb listener signing machine pair carry' },
  { id: 'go.overview', label: 'Overview', keys: 'G O', menu: 'go', group: 'Go to', keywords: 'status dashboard' },
  { id: 'go.transactions', label: 'Transactions', keys: 'G T', menu: 'go', group: 'Go to', keywords: 'messages log debug' },
  { id: 'go.audit', label: 'Audit log', keys: 'G L', menu: 'go', group: 'Go to', keywords: 'history verify' },
  { id: 'go.settings', label: 'Settings', keys: 'mod+,', menu: 'file', group: 'Go to', keywords: 'listener limits notifications appearance' },

  { id: 'challenges.create', label: 'New challenge', keys: 'N', menu: 'ca', group: 'Create', keywords: 'one-time password device' },
  { id: 'authorities.create', label: 'New authority', menu: 'ca', group: 'Create', keywords: 'ca root issuing' },
  { id: 'go.migration', label: 'Bring in another CA', menu: 'ca', group: 'Create', keywords: 'import migrate openssl xca step-ca micromdm ad cs ndes pkcs12' },

  { id: 'requests.next', label: 'Next request', keys: 'J', group: 'Requests' },
  { id: 'requests.previous', label: 'Previous request', keys: 'K', group: 'Requests' },
  { id: 'requests.open', label: 'Open the request', keys: 'Enter', group: 'Requests' },
  { id: 'requests.approve', label: 'Approve: A, then Enter to confirm', keys: 'A', group: 'Requests', keywords: 'grant sign countersign' },
  { id: 'requests.refuse', label: 'Refuse', keys: 'R', group: 'Requests', keywords: 'deny reject' },
  { id: 'requests.reopen', label: 'Reopen a refused request', keys: 'U', group: 'Requests', keywords: 'undo' },
  { id: 'requests.select', label: 'Select for a decision on several', keys: 'X', group: 'Requests' },
  { id: 'requests.approveMany', label: 'Approve the selected requests', keys: 'shift+A', group: 'Requests', keywords: 'bulk grant sign' },
  { id: 'requests.match', label: 'Compare a fingerprint', keys: 'M', group: 'Requests', keywords: 'matcher paste scan' },
  { id: 'requests.showNew', label: 'Show the new requests', keys: '.', group: 'Requests' },
] as const satisfies readonly ActionEntry[];

export type ActionId = (typeof entries)[number]['id'];

export const ACTIONS: readonly (ActionEntry & { readonly id: ActionId })[] = entries;
