/** What the window may know of the system it runs on. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
