/**
 * WebContents over one Chromium tab: the preload in every document, invoke and send, navigation and window.open asked of the product first,
 * every request answered by the session's protocol handlers or recorded and stopped.
 */
import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page, Route } from 'playwright-core';
import { app } from './app.ts';
import { browser } from './chromium.ts';
import { emitPreventable } from './events.ts';
import { injectedSource } from './injected.ts';
import { type FrameLike, type InvokeEvent, answerInvoke } from './ipc.ts';
import type { Session} from './session.ts';
import { fromChromium, toChromium } from './session.ts';
import { encode } from './wire.ts';

export interface ContentsOptions {
  readonly session: Session;
  /** The preload's file; without one every frame is a compromised one. */
  readonly preload: string | undefined;
}

interface Posted {
  readonly kind: 'invoke' | 'open' | 'close';
  readonly id: number;
  readonly channel: string;
  readonly args: string;
  readonly url: string;
}

/** What pages wanted: of the network (stopped here), to go to (held by the product), to open although the product did not deny it. */
export const wishes: { readonly requests: string[]; readonly held: string[]; readonly windows: string[] } = { requests: [], held: [], windows: [] };

/** Tabs that nobody here opened are popups: they are asked about, get nothing, and are closed. */
let popupsHeld = false;

export class WebContents extends EventEmitter {
  readonly session: Session;
  readonly mainFrame: FrameLike;
  private readonly opening: Promise<{ readonly page: Page; readonly cdp: CDPSession }>;
  private readonly names = { binding: `b${randomBytes(8).toString('hex')}`, inbox: `i${randomBytes(8).toString('hex')}` };
  /** Which frame an execution context belongs to. */
  private readonly contexts = new Map<number, string>();
  private readonly frames = new Map<string, FrameLike>();
  private mainFrameId = '';
  private openHandler: ((details: { readonly url: string }) => { readonly action: string }) | undefined;
  private destroyed = false;
  /** Electron asks about navigations of the page, not about those that the main process orders. */
  private ordered = 0;
  private address = '';

  constructor(options: ContentsOptions) {
    super();
    this.session = options.session;
    this.mainFrame = this.frame(() => this.address);
    app.emit('web-contents-created', {}, this);
    this.opening = this.open(options);
  }

  private frame(url: () => string): FrameLike {
    return {
      get url() {
        return url();
      },
    };
  }

  private async open({ preload }: ContentsOptions): Promise<{ readonly page: Page; readonly cdp: CDPSession }> {
    const { context } = await browser();
    if (!popupsHeld) {
      popupsHeld = true;
      // Electron would not even have opened them.
      await context.route('**/*', (route) => route.abort('aborted'));
    }
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    cdp.on('Runtime.executionContextCreated', ({ context: { id, auxData } }) => this.contexts.set(id, (auxData as { readonly frameId: string }).frameId));
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => this.posted(cdp, executionContextId, JSON.parse(payload) as Posted));
    cdp.on('Page.windowOpen', ({ url }) => this.wantsWindow(url));
    cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.address = fromChromium(frame.url);
      else this.frames.set(frame.id, this.frame(() => fromChromium(frame.url)));
    });
    page.on('popup', (popup) => void popup.close().catch(() => undefined));
    page.on('close', () => this.gone());
    await page.route('**/*', (route) => this.answer(page, route));
    this.mainFrameId = (await cdp.send('Page.getFrameTree')).frameTree.frame.id;
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', { name: this.names.binding });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: injectedSource(preload === undefined ? '' : readFileSync(preload, 'utf8'), this.names, preload === undefined) });
    return { page, cdp };
  }

  /** Something came out of a document: a call, or a wish for another window. */
  private posted(cdp: CDPSession, contextId: number, message: Posted): void {
    if (message.kind === 'open') return this.wantsWindow(message.url);
    if (message.kind === 'close') return void this.emit('close-wished');
    const frameId = this.contexts.get(contextId) ?? this.mainFrameId;
    const senderFrame = frameId === this.mainFrameId ? this.mainFrame : (this.frames.get(frameId) ?? this.frame(() => 'about:blank'));
    const event: InvokeEvent = { sender: this, senderFrame };
    void answerInvoke(event, message.channel, message.args).then((answer) => this.deliver(cdp, { kind: 'reply', id: message.id, ...answer }, contextId));
  }

  /** None is ever opened here: what is not denied is only noted. */
  private wantsWindow(address: string): void {
    const url = fromChromium(address);
    if (this.openHandler?.({ url }).action !== 'deny') wishes.windows.push(url);
  }

  /** Into one document, or into the top frame's. A document that is gone hears nothing more. */
  private async deliver(cdp: CDPSession, message: object, contextId?: number): Promise<void> {
    const expression = `globalThis[${JSON.stringify(this.names.inbox)}]?.(${JSON.stringify(JSON.stringify(message))})`;
    await cdp.send('Runtime.evaluate', contextId === undefined ? { expression } : { expression, contextId }).catch(() => undefined);
  }

  private async answer(page: Page, route: Route): Promise<void> {
    const request = route.request();
    const url = fromChromium(request.url());
    const isMainFrame = request.frame() === page.mainFrame();
    if (request.isNavigationRequest()) {
      if (this.ordered > 0 && isMainFrame) this.ordered -= 1;
      else if (!emitPreventable(this, 'will-frame-navigate', { url, isMainFrame, isSameDocument: false })) {
        wishes.held.push(url);
        return route.abort('aborted');
      }
      if (isMainFrame) this.emit('did-start-navigation', { url, isMainFrame, isSameDocument: false });
    }
    const handler = this.session.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) return stop(route);
    const response = await handler(new Request(url, { method: request.method() }));
    return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) });
  }

  private gone(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('destroyed');
  }

  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void {
    this.openHandler = handler;
  }

  send(channel: string, ...args: unknown[]): void {
    const text = encode(args);
    void this.opening.then(({ cdp }) => this.deliver(cdp, { kind: 'event', channel, args: text }));
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  getURL(): string {
    return this.address;
  }

  /** Resolves once the page has loaded. What the check handler says of the clipboard is what Chromium then does. */
  async loadURL(address: string): Promise<void> {
    const { page } = await this.opening;
    const target = toChromium(address);
    if (target !== address && (await this.session.permits(this, 'clipboard-sanitized-write', address, true)).check) await page.context().grantPermissions(['clipboard-write'], { origin: new URL(target).origin });
    this.ordered += 1;
    await page.goto(target);
  }

  reload(): void {
    void this.opening.then(({ page }) => {
      this.ordered += 1;
      return page.reload();
    });
  }

  /** Serves whatever address with a page of no merit and goes there, past everything that would hold it: a window that was led away. */
  async leadAway(address: string): Promise<void> {
    const { page } = await this.opening;
    await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Elsewhere</title>' }));
    this.ordered += 1;
    await page.goto(address);
  }

  async resize(width: number, height: number): Promise<void> {
    const { page } = await this.opening;
    // A window may be moved and closed in one breath: then there is nothing left to resize.
    await page.setViewportSize({ width, height }).catch((error: unknown) => {
      if (!this.destroyed && !page.isClosed()) throw error;
    });
  }

  /** What the page says when it is to be unloaded. One that has gone has nothing to say. */
  async mayUnload(): Promise<boolean> {
    const { page } = await this.opening;
    return page.evaluate(() => window.dispatchEvent(new Event('beforeunload', { cancelable: true }))).catch(() => true);
  }

  async close(): Promise<void> {
    const { page } = await this.opening;
    this.gone();
    await page.close();
  }
}

function stop(route: Route): Promise<void> {
  wishes.requests.push(route.request().url());
  return route.abort('aborted');
}
