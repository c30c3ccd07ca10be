/** The facts about the address that certificates name, gathered for whoever sets it or looks after it. */
import type { Finding } from '../core/ca/enrolment.ts';
import { judgePublicAddress, readPublicAddress } from '../core/ca/publicAddress.ts';
import type { Deps } from './deps.ts';

/** What may end the public address; nothing while none is set. */
export async function publicAddressFindings({ directory, listener, resolver }: Deps): Promise<readonly Finding[]> {
  const { publicBaseUrl } = directory.settings();
  if (publicBaseUrl === null) return [];
  const address = readPublicAddress(publicBaseUrl);
  const { host, port, listening } = listener.state();
  return judgePublicAddress({
    url: publicBaseUrl,
    listener: listening ? { host, port } : null,
    ownAddresses: listener.interfaces().map((i) => i.address),
    resolved: address === undefined ? undefined : await resolver.resolve(address.host),
  });
}
