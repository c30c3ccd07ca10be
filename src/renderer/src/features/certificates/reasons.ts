/** Why a certificate is revoked, in the words of RFC 5280 section 5.3.1 and in an admin's. */
import type { Input, Output } from '../../../../preload/contract/contract.ts';

export type Reason = Input<'certificates.revoke'>['reason'];
type Kind = Output<'certificates.get'>['kind'];

export interface ReasonWords {
  readonly reason: Reason;
  readonly label: string;
  readonly text: string;
}

/** A hold is not among them: it can be taken back, and has its own button. An attribute authority's reason fits nothing that is issued here. */
const REASONS: readonly ReasonWords[] = [
  { reason: 'keyCompromise', label: 'The key may be known to others', text: 'The device was lost, stolen or broken into.' },
  { reason: 'cessationOfOperation', label: 'The device is out of use', text: 'It was retired, sold or wiped.' },
  { reason: 'superseded', label: 'Another certificate took its place', text: 'The device enrolled anew, or this one was issued wrongly.' },
  { reason: 'affiliationChanged', label: 'Its name is no longer true', text: 'The device or its owner moved, or was renamed.' },
  { reason: 'privilegeWithdrawn', label: 'It may no longer have what this grants', text: 'Access was taken away from the device or its owner.' },
  { reason: 'cACompromise', label: 'The authority may be compromised', text: 'A key of the CA itself may be known to others.' },
  { reason: 'unspecified', label: 'No reason to be given', text: 'The list of revoked certificates will name none.' },
];

/** The reasons that fit: a device is no authority. */
export const reasonsFor = (kind: Kind): readonly ReasonWords[] => REASONS.filter(({ reason }) => reason !== 'cACompromise' || kind !== 'device');

/** The reason of a revocation as a person says it. */
export const sayReason = (reason: Reason | null): string | undefined =>
  reason === 'certificateHold' ? 'on hold' : REASONS.find((each) => each.reason === reason && reason !== 'unspecified')?.label.toLowerCase();

/** Whether what was typed is the end of the serial; spaces and case do not matter. */
export const isSerialTail = (typed: string, serial: string): boolean => serialTail(serial) === typed.replace(/[\s:]/g, '').toUpperCase();

/** The last four digits of a serial. */
export const serialTail = (serial: string): string => serial.slice(-4);
