/** Recognises a message's signer as a certificate of ours: by issuer and serial, and then by every byte. */
import type { CertificateRecord } from '../../core/ca/certificateRecord.ts';
import { equalBytes } from '../../core/lib/bytes.ts';
import type { MessageFrame } from '../../core/scep/message.ts';
import type { Deps } from '../deps.ts';
import { issuerHashOf } from '../issue.ts';

/** The row of the certificate that signed, whichever authority of this product issued it; undefined for any other certificate. */
export async function signerRecordOf(deps: Deps, frame: MessageFrame): Promise<CertificateRecord | undefined> {
  const record = await deps.store.read.certificateBySerial(issuerHashOf(deps, frame.signer.issuer), frame.signer.serial);
  return record !== undefined && equalBytes(record.der, frame.signer.certificate) ? record : undefined;
}
