/** The tray says that devices are still served while no window is open, and is the way back and out. */
import { Menu, nativeImage, Tray } from 'electron';

export interface TrayActions {
  readonly show: () => void;
  readonly quit: () => void;
}

/** Keep what this returns: a tray that is garbage-collected vanishes. `tell` sets its words. */
export function showTray(icon: string, actions: TrayActions): { readonly tell: (words: string) => void } {
  const tray = new Tray(nativeImage.createFromPath(icon).resize({ width: 18, height: 18 }));
  const tell = (words: string): void => {
    tray.setToolTip(`Countersign: ${words}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: words, enabled: false },
        { type: 'separator' },
        { label: 'Open Countersign', click: actions.show },
        { label: 'Quit', click: actions.quit },
      ]),
    );
  };
  tray.on('click', actions.show);
  return { tell };
}
