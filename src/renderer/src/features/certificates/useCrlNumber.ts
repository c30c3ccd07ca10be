/** The number of the latest list of revoked certificates of a certificate's generation; undefined where there is none yet. */
import { useChannel } from '../../bridge/react.tsx';
import type { Certificate } from './types.ts';

export const useCrlNumber = ({ authorityId, generation }: Pick<Certificate, 'authorityId' | 'generation'>, options: { readonly every?: number } = {}): number | undefined =>
  useChannel('crls.get', { authorityId, generation }, options).data?.number;
