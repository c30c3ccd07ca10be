import type { Element } from './der.ts';
import type { GeneralName } from './generalNames.ts';
export interface Extension { readonly oid: string; readonly critical: boolean; readonly value: Uint8Array }
export const KEY_USAGES = ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly'] as const;
export type KeyUsageName = (typeof KEY_USAGES)[number];
export interface BasicConstraints { readonly ca: boolean; readonly pathLength?: number }
export interface AccessUrls { readonly caIssuers: readonly string[]; readonly ocsp: readonly string[] }
/** What the extensions that this product understands say, merged where one occurs twice. */
export interface ExtensionView {
  readonly keyUsage?: readonly KeyUsageName[];
  readonly extendedKeyUsages?: readonly string[];
  readonly subjectAltNames: readonly GeneralName[];
  readonly basicConstraints?: BasicConstraints;
  readonly subjectKeyId?: Uint8Array;
  readonly authorityKeyId?: Uint8Array;
  /** OIDs of extensions whose value could not be read: kept raw, to be refused by whoever relies on them. */
  readonly unreadable: readonly string[];
}
/** Inside a parser: an Extensions SEQUENCE. */
export function parseExtensions(e: Element | undefined): Extension[] { throw new Error('not written yet'); }
export function viewExtensions(extensions: readonly Extension[]): ExtensionView { throw new Error('not written yet'); }
/** Readers of one extension's value; inside a parser (they throw Malformed), wrap with decoding(). */
export function readKeyUsage(value: Uint8Array): KeyUsageName[] { throw new Error('not written yet'); }
export function readExtendedKeyUsage(value: Uint8Array): string[] { throw new Error('not written yet'); }
export function readSubjectAltName(value: Uint8Array): GeneralName[] { throw new Error('not written yet'); }
export function readBasicConstraints(value: Uint8Array): BasicConstraints { throw new Error('not written yet'); }
export function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array { throw new Error('not written yet'); }
export function readAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined { throw new Error('not written yet'); }
export function readCrlDistributionPoints(value: Uint8Array): string[] { throw new Error('not written yet'); }
export function readAuthorityInfoAccess(value: Uint8Array): AccessUrls { throw new Error('not written yet'); }
export function readCrlNumber(value: Uint8Array): bigint { throw new Error('not written yet'); }
/** Writers give a whole Extension; criticality as RFC 5280 wants it unless said otherwise. */
export function keyUsageExtension(usages: readonly KeyUsageName[]): Extension { throw new Error('not written yet'); }
export function extendedKeyUsageExtension(oids: readonly string[], critical = false): Extension { throw new Error('not written yet'); }
export function subjectAltNameExtension(names: readonly GeneralName[], critical: boolean): Extension { throw new Error('not written yet'); }
export function basicConstraintsExtension(constraints: BasicConstraints): Extension { throw new Error('not written yet'); }
export function subjectKeyIdentifierExtension(keyId: Uint8Array): Extension { throw new Error('not written yet'); }
export function authorityKeyIdentifierExtension(keyId: Uint8Array): Extension { throw new Error('not written yet'); }
export function crlDistributionPointsExtension(urls: readonly string[]): Extension { throw new Error('not written yet'); }
export function authorityInfoAccessExtension(urls: AccessUrls): Extension { throw new Error('not written yet'); }
export function crlNumberExtension(number: bigint): Extension { throw new Error('not written yet'); }
/** SEQUENCE OF Extension. */
export function writeExtensions(extensions: readonly Extension[]): Uint8Array { throw new Error('not written yet'); }
/** 'clientAuth' for 1.3.6.1.5.5.7.3.2; the OID itself where it has no name. */
export function extendedKeyUsageToText(oid: string): string { throw new Error('not written yet'); }
/** The OID of a name that extendedKeyUsageToText prints, or of a dotted OID. */
export function parseExtendedKeyUsageText(text: string): string | undefined { throw new Error('not written yet'); }
