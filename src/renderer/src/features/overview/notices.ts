/** From what the CA notes about itself to the place where something is done about it. */
import type { Path } from '../../routing/path.ts';

export interface NextStep {
  readonly label: string;
  readonly to: Path;
}

const STEPS: Readonly<Record<string, NextStep>> = {
  'listener-problem': { label: 'Listener settings', to: '/settings' },
  'audit-contradicted': { label: 'Verify the audit log', to: '/audit' },
  'vault-empty': { label: 'Set it up', to: '/welcome' },
  'no-authority': { label: 'Create one', to: '/welcome' },
  'awaiting-certificate': { label: 'Install its certificate', to: '/authorities' },
  'no-public-base-url': { label: 'Set the public address', to: '/settings' },
  'legacy-endpoint': { label: 'See the endpoints', to: '/endpoints' },
  'listener-on-loopback': { label: 'Choose a network', to: '/settings' },
  'courier-due-crl': { label: 'Go to the courier', to: '/courier' },
  'courier-due-scep': { label: 'Go to the courier', to: '/courier' },
  'courier-due-ocsp': { label: 'Go to the courier', to: '/courier' },
  'requests-waiting': { label: 'Go to the queue', to: '/requests' },
};

/** Undefined where there is nothing to do on another page. */
export const nextStepOf = (code: string): NextStep | undefined => STEPS[code];
