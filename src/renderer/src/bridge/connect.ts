/** Picks the way to the CA: Electron's where the preload put it, else the web door that served this page. */
import { bridgeOver, type Bridge } from './bridge.ts';
import { electronTransport } from './electronTransport.ts';
import { webTransport } from './webTransport.ts';

export function connect(): Bridge {
  return window.ca === undefined ? bridgeOver(webTransport(), false) : bridgeOver(electronTransport(window.ca), true);
}
