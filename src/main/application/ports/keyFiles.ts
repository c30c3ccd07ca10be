/** Why no CA key could be taken out of an admin's files. Apart from the signers, whom not everybody may know who has to explain it. */
export interface KeyFileProblem {
  readonly code:
    | 'wrong-file-passphrase'
    | 'file-passphrase-needed'
    | 'file-unreadable'
    | 'file-encryption-unsupported'
    | 'no-key'
    | 'several-keys'
    | 'key-damaged'
    | 'key-too-small'
    | 'key-weak'
    | 'key-unsupported';
  /** A sentence; never anything out of the key. */
  readonly text: string;
}
