/** The tray says that devices are still served while no window is open, and is the way back and out. */
import { Menu, nativeImage, Tray } from 'electron';
import { type Situation, listenerWords, tooltip, vaultWords, waitingWords } from './words.ts';

export interface TrayActions {
  readonly show: () => void;
  readonly showRequests: () => void;
  readonly lockWindow: () => void;
  readonly lockVault: () => void;
  readonly quit: () => void;
}

export interface TrayIcon {
  /** Says how things are now. */
  readonly tell: (situation: Situation) => void;
}

/** Keep what this returns: a tray that is garbage-collected vanishes. */
export function showTray(icon: string, actions: TrayActions): TrayIcon {
  const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: 18, height: 18 }));
  tray.on('click', actions.show);
  return {
    tell: (situation) => {
      tray.setToolTip(tooltip(situation));
      // Linux shows a menu as it was when it was set: another state is another menu.
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { id: 'waiting', label: waitingWords(situation.waiting), enabled: situation.waiting > 0, click: actions.showRequests },
          { id: 'listener', label: listenerWords(situation), enabled: false },
          { id: 'vault', label: vaultWords(situation), enabled: false },
          { type: 'separator' },
          { id: 'open', label: 'Open Countersign', click: actions.show },
          { id: 'lock-window', label: 'Lock the window', enabled: situation.vault !== 'empty', click: actions.lockWindow },
          { id: 'lock-vault', label: 'Lock the vault', enabled: situation.vault === 'open', click: actions.lockVault },
          { type: 'separator' },
          { id: 'quit', label: 'Quit Countersign', click: actions.quit },
        ]),
      );
    },
  };
}
