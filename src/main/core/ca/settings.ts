/** What an admin may set for the whole product; the store keeps it as one JSON value under the key `settings`. */

export interface Settings {
  /** `http://ca.office.lan:8080`: supplies the host of CDP and AIA URLs; while null no CDP or AIA is written (DESIGN section 4). */
  readonly publicBaseUrl: string | null;
  /** `{{organization}}` in subject templates; null: the authority's own. */
  readonly organization: string | null;
  readonly maxWaiting: number;
  readonly maxWaitingPerSource: number;
  /** After how many days a waiting request lapses. */
  readonly waitingDays: number;
  /** Defaults of a new challenge. */
  readonly challengeLength: number;
  readonly challengeMinutes: number;
  /** nextUpdate of a CRL lies so many days ahead; it is reissued at half of that. */
  readonly crlDays: number;
  /** Minutes without a hand on it after which the window locks; 0: never. */
  readonly idleMinutes: number;
  /** A desktop notification for each new request that waits. */
  readonly notifyRequests: boolean;
  /** An absolute folder; null: the data folder's own. */
  readonly backupFolder: string | null;
}

export const DEFAULT_SETTINGS: Settings = {
  publicBaseUrl: null,
  organization: null,
  maxWaiting: 1000,
  maxWaitingPerSource: 20,
  waitingDays: 7,
  challengeLength: 24,
  challengeMinutes: 24 * 60,
  crlDays: 7,
  idleMinutes: 15,
  notifyRequests: true,
  backupFolder: null,
};
