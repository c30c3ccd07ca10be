/** What the courier's channels say, under the names that these pages use. */
import type { Output } from '../../../../preload/contract/contract.ts';

export type Link = Output<'courier.status'>['links'][number];
export type PairingFile = NonNullable<Output<'courier.pair'>['shown']>;
export type RequestsOut = Output<'courier.exportRequests'>;
export type RequestsIn = Output<'courier.importRequests'>;
export type CertificatesOut = Output<'courier.exportCertificates'>;
export type CertificatesIn = Output<'courier.importCertificates'>;
