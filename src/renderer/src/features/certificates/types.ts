/** The contract's values by the names they have on these pages. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type Certificate = Output<'certificates.list'>['items'][number];
export type CertificateDetail = Output<'certificates.get'>;
