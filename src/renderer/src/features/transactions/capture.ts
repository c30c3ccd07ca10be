/** What was pasted or dropped, as `diagnostics.inspect` takes it: base64 of the bytes of a file. */
import { base64Of } from '../../design/saveFile.ts';

/** A pasted message: base64 with or without PEM's lines, a GET's address, or a request as text. The server reads each; only PEM's lines would confuse it. */
export const captureOfText = (text: string): string => base64Of(text.replace(/^-----(BEGIN|END)[^\n]*-----\s*$/gm, '').trim());
