/**
 * Attack: a device chooses a subject with markup. Notification servers on Linux read the text of a notification as markup (freedesktop.org,
 * "body-markup", "body-hyperlinks", "body-images").
 * Impact: a link or a picture from the network stands on the admin's desktop under the CA's name.
 * Defence: the signs that begin markup or an entity do not leave the shell, and a name has an end.
 */
import { expect, it } from 'vitest';
import { newRequestNote } from '../../../../src/main/hosts/electron/words.ts';

it.each(['CN=<a href="https://evil.example">Approve</a>', 'CN=\\<img src="http://evil.example/x.png"/\\>', 'CN=&lt;b&gt;'])('%s brings no markup', (subject) => {
  const { title, body } = newRequestNote([{ id: '1', subject, source: '192.0.2.7' }], false);
  expect(`${title}${body}`).not.toMatch(/[<>&]/);
  expect(body).toContain('from 192.0.2.7');
});

it('a name that would fill the screen is cut, so that its source is seen', () => {
  expect(newRequestNote([{ id: '1', subject: `CN=${'x'.repeat(4_000)}`, source: '192.0.2.7' }], false).body.length).toBeLessThan(200);
});
