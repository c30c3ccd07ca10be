/** The application menu: Electron's own would offer links and developer tools. */
import { app, Menu } from 'electron';
import { ACTIONS } from '../../../preload/contract/actions.ts';
import { menuTemplate } from './menuTemplate.ts';

/** `run` is told which action of the list was chosen. */
export function setMenu(run: (action: string) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ actions: ACTIONS, platform: process.platform, develop: !app.isPackaged, run })));
}
