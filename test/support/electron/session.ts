/**
 * session and protocol: custom schemes served by the product's own handlers, permission handlers kept for the test to ask. A scheme's origin
 * stands in Chromium as `http://<host>.<scheme>.localhost`, which is a secure context as the scheme would be.
 */

type ProtocolHandler = (request: Request) => Response | Promise<Response>;
type RequestHandler = (contents: unknown, permission: string, decide: (granted: boolean) => void, details: { readonly requestingUrl: string; readonly isMainFrame: boolean }) => void;
type CheckHandler = (contents: unknown, permission: string, origin: string, details: { readonly isMainFrame: boolean }) => boolean;

export class Session {
  readonly handlers = new Map<string, ProtocolHandler>();
  onRequest: RequestHandler | null = null;
  onCheck: CheckHandler | null = null;
  onDevice: (() => boolean) | null = null;

  readonly protocol = {
    handle: (scheme: string, handler: ProtocolHandler): void => {
      if (!privileged.has(scheme)) throw new Error(`${scheme} was not registered before the app was ready`);
      this.handlers.set(scheme, handler);
    },
  };

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.onRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.onCheck = handler;
  }

  setDevicePermissionHandler(handler: (() => boolean) | null): void {
    this.onDevice = handler;
  }

  /** What both handlers say; without one Electron grants. */
  async permits(contents: unknown, permission: string, url: string, isMainFrame: boolean): Promise<{ readonly check: boolean; readonly request: boolean }> {
    const check = this.onCheck === null || this.onCheck(contents, permission, new URL(url).protocol === 'app:' ? `app://${new URL(url).host}/` : new URL(url).origin, { isMainFrame });
    const { onRequest } = this;
    const request = onRequest === null || (await new Promise<boolean>((resolve) => onRequest(contents, permission, resolve, { requestingUrl: url, isMainFrame })));
    return { check, request };
  }
}

const privileged = new Set<string>();
const partitions = new Map<string, Session>();

export const protocol = {
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string; readonly privileges: { readonly standard?: boolean } }[]): void {
    for (const { scheme } of schemes) privileged.add(scheme);
  },
};

export const session = {
  fromPartition(name: string): Session {
    const known = partitions.get(name) ?? new Session();
    partitions.set(name, known);
    return known;
  },
};

/** `app://countersign/x` as Chromium is given it. */
export function toChromium(address: string): string {
  const url = new URL(address);
  return privileged.has(url.protocol.slice(0, -1)) ? `http://${url.host}.${url.protocol.slice(0, -1)}.localhost${url.pathname}${url.search}${url.hash}` : address;
}

/** And as Electron's side knows it. */
export function fromChromium(address: string): string {
  const url = URL.parse(address);
  const match = /^(.+)\.([a-z]+)\.localhost$/.exec(url?.hostname ?? '');
  const [, host = '', scheme = ''] = match ?? [];
  return url !== null && url.protocol === 'http:' && privileged.has(scheme) ? `${scheme}://${host}${url.pathname}${url.search}${url.hash}` : address;
}
