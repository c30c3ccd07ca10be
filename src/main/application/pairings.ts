/** Which side of a courier this machine is for an authority. The sides differ in what they may decide: the signer has the key, the listener has the devices. */
import type { CourierLink } from '../core/ca/courier.ts';
import { plainText } from '../core/pki/text.ts';
import type { Deps, Refusal } from './deps.ts';

function peerOf({ directory }: Pick<Deps, 'directory'>, authorityId: string, role: CourierLink['role']): string | undefined {
  const link = directory.courierLinks().find((one) => one.role === role && one.authorityId === authorityId && one.peer !== null);
  return link?.peer === null || link === undefined ? undefined : plainText(link.peer.name);
}

/** The name of the machine that has the CA key, where this one only listens for it. */
export const signerOf = (deps: Pick<Deps, 'directory'>, authorityId: string): string | undefined => peerOf(deps, authorityId, 'listener');

/** The name of the machine that devices talk to, where this one only signs for it. */
export const listenerOf = (deps: Pick<Deps, 'directory'>, authorityId: string): string | undefined => peerOf(deps, authorityId, 'signer');

/** Why a rollover takes no step on the listener. */
export const steppedThere = (signer: string): Refusal => ({
  code: 'courier-decides',
  message: `The CA key of this authority is on “${signer}”: its rollover is done there.`,
  hint: 'Take the step on that machine, and run the courier: it brings here what was done.',
});
