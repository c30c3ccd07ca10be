/**
 * What strangers get of the web door, tried in a real browser: forms and scripts of another site, a name of theirs that leads here (DNS rebinding),
 * a frame around the window, script and style injected into it. And what the window itself fetches: nothing from elsewhere.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../support/browser.ts';
import { type ForeignSite, FOREIGN_DNS, FOREIGN_HOST, openForeignSite } from '../support/foreignSite.ts';
import { needs } from '../support/optional.ts';
import { createAuthority, openWindow, useWindow } from '../support/window.ts';

const { available, it: itNeeding } = needs('chromium');
if (!available) itNeeding('keeps strangers out', () => undefined);

describe.skipIf(!available)('the web door', () => {
  const current = useWindow(() => openWindow({ seed: createAuthority, chromiumArgs: [FOREIGN_DNS] }));
  let foreign: ForeignSite;
  let visitor: Page;
  beforeAll(async () => {
    foreign = await openForeignSite();
    // The same profile as the admin's own tab: whatever the browser would add to a request by itself is there.
    visitor = await current().page.context().newPage();
    await current().page.getByRole('navigation', { name: 'Pages' }).waitFor();
  });
  afterAll(() => foreign?.close());

  const visit = async (html: string): Promise<void> => {
    foreign.show(html);
    await visitor.goto(foreign.url);
  };

  /** What the server said to a form that the foreign page posts, and whether it changed anything. */
  async function postForm(attributes: string, fields: string): Promise<{ readonly status: number; readonly body: string }> {
    const { server } = current();
    await visit(`<form method="post" action="${server.adminOrigin}/api/call/vault.lock" ${attributes}>${fields}</form>`);
    const answered = visitor.waitForResponse((response) => response.url().startsWith(server.adminOrigin));
    await visitor.evaluate(() => document.forms[0]?.submit());
    const response = await answered;
    return { status: response.status(), body: await response.text() };
  }

  it.each([
    ['urlencoded', '', '<input name="passphrase" value="x">'],
    ['text/plain, dressed up as JSON', 'enctype="text/plain"', '<input name=\'{"a":"\' value=\'"}\'>'],
    ['multipart', 'enctype="multipart/form-data"', '<input name="a" value="b">'],
  ])('answers no form of another site (%s)', async (_name, attributes, fields) => {
    const { status, body } = await postForm(attributes, fields);
    expect([status, JSON.parse(body)]).toEqual([403, { ok: false, error: expect.objectContaining({ code: 'forbidden' }) as unknown }]);
    expect((await current().call('vault.status')).state).toBe('open');
  });

  it('answers no script of another site, with and without its asking first, and not even its events', async () => {
    const { server } = current();
    await visit('<p>hello</p>');
    const tries = await visitor.evaluate(async (origin) => {
      const attempt = async (path: string, init: RequestInit): Promise<string> => {
        try {
          const response = await fetch(`${origin}${path}`, init);
          return `${response.type} ${response.status} ${(await response.text()).length}`;
        } catch {
          return 'failed';
        }
      };
      return [
        await attempt('/api/call/status.get', { method: 'POST', body: '{}' }),
        await attempt('/api/call/status.get', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' }, credentials: 'include' }),
        await attempt('/api/call/status.get', { method: 'POST', body: '{}', mode: 'no-cors' }),
        await attempt('/api/events', {}),
        await attempt('/', { mode: 'no-cors' }),
      ];
    }, server.adminOrigin);
    for (const one of tries) expect(['failed', 'opaque 0 0']).toContain(one);
  });

  it('answers nobody who calls it by a name that is not its own, though the name leads here', async () => {
    const { server } = current();
    const rebound = server.adminOrigin.replace('127.0.0.1', FOREIGN_HOST);
    const response = await visitor.goto(`${rebound}/`);
    expect(response?.status()).toBe(403);
    const ask = (page: Page): Promise<number | string> =>
      page.evaluate(() => fetch('/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"token":"x"}' }).then(({ status }) => status, String));
    // The refusal's own document may not even ask; a stranger's, loaded before its name was led elsewhere, has no such policy.
    expect(await ask(visitor)).toContain('Failed to fetch');
    const unbound = await visitor.context().browser()?.newContext({ bypassCSP: true });
    const stranger = await unbound?.newPage();
    if (stranger === undefined) throw new Error('there is no browser');
    await stranger.goto(`${rebound}/`);
    expect(await ask(stranger)).toBe(403);
    await unbound?.close();
  });

  it('is shown in no frame of another site, and lends its files to none', async () => {
    const { server } = current();
    await visit(`<iframe src="${server.adminOrigin}/"></iframe><script src="${server.adminOrigin}/"></script>`);
    await visitor.waitForTimeout(300);
    const frames = visitor.frames().filter((frame) => frame !== visitor.mainFrame());
    for (const frame of frames) expect(await frame.locator('#root').count()).toBe(0);
  });

  it('runs no injected script, applies no injected style and lets nothing out', async () => {
    const { page, server, forgive } = current();
    forgive(/Content Security Policy/i);
    forgive(new RegExp(`fetched from elsewhere: ${foreign.url}`));
    const askedBefore = foreign.asked().length;
    // Playwright's own evaluate is outside the policy; what it puts into the document is not.
    const seen = await page.evaluate(async (foreignUrl) => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
      const inject = (name: string, fill: (element: HTMLElement) => void): void => {
        const element = document.createElement(name);
        fill(element);
        document.body.append(element);
      };
      inject('script', (script) => (script.textContent = 'window.injected = "inline script"'));
      inject('script', (script) => script.setAttribute('src', `${foreignUrl}x.js`));
      inject('style', (style) => (style.textContent = 'body { --injected: yes }'));
      inject('div', (div) => (div.innerHTML = '<img src="data:," onerror="window.injected = 1"><p id="inline" style="position: fixed">x</p>'));
      inject('img', (image) => image.setAttribute('src', `${foreignUrl}x.png`));
      inject('form', (form) => form.setAttribute('action', foreignUrl));
      document.forms[document.forms.length - 1]?.submit();
      inject('iframe', (frame) => frame.setAttribute('src', foreignUrl));
      const fetched = await fetch(foreignUrl).then(
        () => 'fetched',
        () => 'stopped',
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      return {
        violated: [...new Set(violated)].sort(),
        injected: (window as { readonly injected?: unknown }).injected,
        style: getComputedStyle(document.body).getPropertyValue('--injected'),
        inline: getComputedStyle(document.getElementById('inline') as HTMLElement).position,
        fetched,
      };
    }, foreign.url);
    expect(seen).toEqual({
      violated: ['connect-src', 'form-action', 'frame-src', 'img-src', 'script-src-attr', 'script-src-elem', 'style-src-attr', 'style-src-elem'],
      injected: undefined,
      style: '',
      inline: 'static',
      fetched: 'stopped',
    });
    expect(page.url().startsWith(server.adminOrigin)).toBe(true);
    expect(foreign.asked().length).toBe(askedBefore);
  });

  it('evaluates no text as code', async () => {
    const { page } = current();
    const script = await page.context().newCDPSession(page);
    const { result } = await script.send('Runtime.evaluate', { expression: "(() => { try { return String(new Function('return 7')()); } catch (error) { return error.name; } })()", allowUnsafeEvalBlockedByCSP: false });
    expect(result.value).toBe('EvalError');
  });

  it('serves a window that fetches nothing from elsewhere, on any page, and keeps nothing but its session', async () => {
    const { page, server } = current();
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    await page.reload();
    for (const link of await page.getByRole('navigation', { name: 'Pages' }).getByRole('listitem').getByRole('link').all()) {
      await link.click();
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    await page.waitForLoadState('load');
    expect(fetched.filter((url) => !url.startsWith(`${server.adminOrigin}/`))).toEqual([]);
    expect(fetched.length).toBeGreaterThan(5);
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual(['countersign.session']);
  });
});
