/** How the whole stands, as the shell's parts are given it. */
import type { Output } from '../../../preload/contract/contract.ts';

export type Status = Output<'status.get'>;
