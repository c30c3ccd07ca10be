/** A unit that starts the CA with the computer. The passphrase reaches it as a credential, never in an argument or an environment that others can read. */
export function systemdUnit(kind: 'keychain' | 'passphrase'): string {
  const own = kind === 'keychain';
  return [
    '[Unit]',
    'Description=Countersign certificate authority',
    ...(own ? [] : ['Wants=network-online.target', 'After=network-online.target']),
    '',
    '[Service]',
    ...(own ? [] : ['User=countersign', 'StateDirectory=countersign', 'StateDirectoryMode=0700', 'LoadCredential=passphrase:/etc/countersign/passphrase']),
    `ExecStart=/usr/bin/node /opt/countersign/bin/countersign.mjs serve${own ? '' : ' --data %S/countersign --passphrase-file %d/passphrase'}`,
    'Restart=on-failure',
    'NoNewPrivileges=yes',
    '',
    '[Install]',
    `WantedBy=${own ? 'default.target' : 'multi-user.target'}`,
  ].join('\n');
}
