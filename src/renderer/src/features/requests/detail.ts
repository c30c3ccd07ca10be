/** One request with everything that a decision needs, and a comparison of its fingerprint. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type RequestDetail = Output<'requests.get'>;
export type Comparison = Output<'requests.match'>;
