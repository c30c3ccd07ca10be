/** One request with everything that a decision needs, and a comparison of its fingerprint. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type RequestDetail = Output<'requests.get'>;
export type Comparison = Output<'requests.match'>;

/** The machine that a request came from by courier; undefined where the device asked here. Its source says so: `192.0.2.7 via Front desk`. */
export const courierOf = ({ source, findings }: Pick<RequestDetail, 'source' | 'findings'>): string | undefined => (findings.some(({ code }) => code === 'by-courier') ? / via (.+)$/.exec(source)?.[1] : undefined);
