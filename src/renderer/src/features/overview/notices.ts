/** From what the CA notes about itself to the place where something is done about it. */
import { type Path, pathTo } from '../../routing/path.ts';

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
  'activation-missed': { label: 'See its rollover', to: '/authorities' },
  'next-not-published': { label: 'See its rollover', to: '/authorities' },
  'may-be-retired': { label: 'See its rollover', to: '/authorities' },
  'next-key-missing': { label: 'Go to the courier', to: '/courier' },
  'authority-ending': { label: 'Roll it over', to: '/authorities' },
  'authority-ends-soon': { label: 'Plan its rollover', to: '/authorities' },
  'authority-revoked': { label: 'See the authorities', to: '/authorities' },
  'scep-key-ending': { label: 'Renew the SCEP key', to: '/authorities' },
  'no-public-base-url': { label: 'Set the public address', to: '/settings' },
  'legacy-endpoint': { label: 'See the endpoints', to: '/endpoints' },
  'listener-on-loopback': { label: 'Choose a network', to: '/settings' },
  'courier-due-crl': { label: 'Go to the courier', to: '/courier' },
  'courier-due-scep': { label: 'Go to the courier', to: '/courier' },
  'courier-due-ocsp': { label: 'Go to the courier', to: '/courier' },
  'requests-waiting': { label: 'Go to the queue', to: '/requests' },
};

/** What is said of the public address, whatever is wrong with it, is mended in one place. */
const PUBLIC_ADDRESS: NextStep = { label: 'Change the public address', to: '/settings' };

/** What is mended on the rollover's own page. */
const OF_ROLLOVER: ReadonlySet<string> = new Set(['activation-missed', 'next-not-published', 'may-be-retired', 'authority-ending', 'authority-ends-soon']);

/** Undefined where there is nothing to do on another page. An authority's matter leads to that authority. */
export function nextStepOf(code: string, authorityId?: string): NextStep | undefined {
  const step = STEPS[code] ?? (code.startsWith('address-') ? PUBLIC_ADDRESS : undefined);
  if (step?.to !== '/authorities' || authorityId === undefined) return step;
  return { ...step, to: pathTo(['authorities', authorityId, ...(OF_ROLLOVER.has(code) ? ['rollover'] : [])]) };
}
