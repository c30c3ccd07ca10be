/** An authority as this flow sees it, and how each way to make one reports back. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type Authority = Output<'authorities.list'>['items'][number];
export type Findings = Output<'authorities.import'>['findings'];

/** No certificate yet: its request is with another CA. */
export const awaits = ({ generations }: Authority): boolean => generations.every(({ state }) => state === 'awaiting-certificate');

export interface AuthorityFormProps {
  /** With what is worth knowing about a certificate that came from outside. */
  readonly onMade: (findings?: Findings) => void;
  readonly onBack: () => void;
}
