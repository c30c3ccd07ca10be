/**
 * A stand-in for the module `electron`: the product's real main process, preload and window run on it end to end, the page in a real Chromium.
 * What a desktop would show (tray, menus, notifications, dialogs) is recorded, and the test's process takes it up over the fork's channel
 * (control.ts). It has what the product uses, with Electron's semantics as far as the product leans on them; it is no proof for Electron itself.
 */
export { app } from './app.ts';
export { BrowserWindow } from './browserWindow.ts';
export { ipcMain } from './ipc.ts';
export { protocol, session } from './session.ts';
export { dialog, Menu, nativeImage, nativeTheme, Notification, powerMonitor, screen, shell, Tray } from './desktopParts.ts';
import { serveControl } from './control.ts';

serveControl();
