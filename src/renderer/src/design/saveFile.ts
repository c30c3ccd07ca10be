/** Hands a file to the admin: by the system's dialog in the desktop app, as a download in a browser. */
import { type Bridge } from '../bridge/bridge.ts';
import { callOrThrow } from '../bridge/react.tsx';
import { announce } from './announce.tsx';

export interface SavedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly base64: string;
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** Base64 of a text's UTF-8. */
export const base64Of = (text: string): string => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));

/** Whether it was saved: the desktop's dialog may be closed instead. Rejects with a CallError where the desktop could not write it. */
export async function saveFile(bridge: Bridge, file: SavedFile): Promise<boolean> {
  if (bridge.desktop) {
    const { path } = await callOrThrow(bridge, 'desktop.saveFile', { name: file.name, mediaType: file.mediaType, base64: file.base64 });
    if (path !== null) announce(`Saved as ${path}`);
    return path !== null;
  }
  const url = URL.createObjectURL(new Blob([bytesOf(file.base64)], { type: file.mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(url);
  announce(`${file.name} was downloaded`);
  return true;
}
