/** What host names mean on this machine now. */
export interface Resolver {
  /** Addresses; empty: the name means nothing. Undefined: no answer in time. */
  resolve(host: string): Promise<readonly string[] | undefined>;
}
