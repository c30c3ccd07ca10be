/**
 * What the key ports and the store throw when they cannot work just now: no bug and no decision, and a device is told to come back
 * (503 with Retry-After). Every other throw of theirs is a fault of the product.
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

/** The data folder's disk is full or fails. What was to be stored is not, or is there without having been confirmed; asking again tells. */
export class DiskTrouble extends Error {
  override readonly name = 'DiskTrouble';
  constructor(detail: string) {
    super(`the data folder cannot be used: ${detail}`);
  }
}
