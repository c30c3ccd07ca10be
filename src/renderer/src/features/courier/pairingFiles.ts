/** Invitations and acceptances that were written in this window, by their pairing: to be saved once more where a dialog was closed or a stick lost. They hold no secret. */
import type { SavedFile } from '../../design/saveFile.ts';

const written = new Map<string, SavedFile>();

export const keepPairingFile = (link: string, file: SavedFile): void => void written.set(link, file);

export const pairingFile = (link: string): SavedFile | undefined => written.get(link);
