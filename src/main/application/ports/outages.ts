/**
 * What the key ports throw when they cannot work just now: no bug and no decision, so nothing is spent, and a device is told to come back
 * (503 with Retry-After). Every other throw of theirs is a fault of the product or of its machine.
 */

/** No key is in memory, or no longer: the vault is locked or empty. */
export class VaultLocked extends Error {
  override readonly name = 'VaultLocked';
  constructor() {
    super('the vault is locked');
  }
}

/** More messages wait for the workers than would be answered in time. */
export class Busy extends Error {
  override readonly name = 'Busy';
  constructor() {
    super('too many messages wait for the crypto workers');
  }
}
