/**
 * Attack: a device, or a CA whose certificate is imported, chooses a name that is drawn as nothing, runs backwards, ends the line or piles marks
 * over the line above.
 * Impact: the admin reads another device's name, or a fingerprint that is not the file's, and approves or trusts it.
 * Defence: such characters stand as `\` and hex wherever a foreign text is shown, be it in a list, a heading, a log or a file of instructions.
 */
import { describe, expect, it } from 'vitest';
import { namesFrom } from '../../../../src/main/application/authorities/arrival.ts';
import { fileNameOf } from '../../../../src/main/application/authorities/naming.ts';
import { describeTrust } from '../../../../src/main/application/kits/words.ts';
import { inspectCapture } from '../../../../src/main/application/inspect.ts';
import { TAG } from '../../../../src/main/core/pki/der.ts';
import { nameToText, writeName } from '../../../../src/main/core/pki/names.ts';
import { OID } from '../../../../src/main/core/pki/oids.ts';
import { escapeText, plainText } from '../../../../src/main/core/pki/text.ts';
import { pkcsReq } from '../../../support/forge.ts';
import { nodeCrypto, open } from '../../../support/messages.ts';

const named = (value: string): Uint8Array => writeName([{ oid: OID.commonName, value }]);

describe('what is shown of a foreign text', () => {
  it.each([
    ['a right-to-left override', '\u202e', '\\E2\\80\\AE'],
    ['an isolate', '\u2067', '\\E2\\81\\A7'],
    ['a zero-width joiner', '\u200d', '\\E2\\80\\8D'],
    ['a Hangul filler', '\u3164', '\\E3\\85\\A4'],
    ['a half-width Hangul filler', '\uffa0', '\\EF\\BE\\A0'],
    ['an empty Braille cell', '\u2800', '\\E2\\A0\\80'],
    ['a variation selector', '\ufe0f', '\\EF\\B8\\8F'],
    ['a combining grapheme joiner', '\u034f', '\\CD\\8F'],
    ['a line end', '\n', '\\0A'],
    ['a C1 control', '\u009b', '\\C2\\9B'],
    ['a no-break space', '\u00a0', '\\C2\\A0'],
  ])('has %s as hex', (_, character, hex) => {
    expect(nameToText(named(`a${character}b`))).toBe(`CN=a${hex}b`);
    expect(plainText(`a${character}b`)).toBe(`a${hex}b`);
  });

  it('has no tower of marks, and leaves real scripts as they are', () => {
    expect(escapeText(`Z${'\u0336'.repeat(40)}`, /(?!)/g).match(/\p{M}/gu)).toHaveLength(3);
    for (const word of ['Nguyễn'.normalize('NFD'), 'ที่นี่', 'Größe', 'プリンター', 'שָׁלוֹם', 'सर्वर']) expect(plainText(word)).toBe(word);
  });

  it('has an end', () => expect(plainText('x'.repeat(5_000))).toHaveLength(201));
});

describe('a CA whose name lies', () => {
  const lying = `Office\nOffice Root (root): ${'ab'.repeat(32)}\u202e`;

  it('gives the authority a name of one honest line', () => {
    const subject = named(lying);
    const { commonName } = namesFrom({ subject });
    expect(commonName).toMatch(/^Office\\0AOffice Root/);
    expect(commonName).not.toMatch(/\p{C}/u);
  });

  it('cannot write a line of the fingerprints that a kit tells to compare', () => {
    const link = { der: new Uint8Array(0), sha256: 'cd'.repeat(32), name: plainText(lying), isRoot: true, fileName: 'office-root' };
    const text = describeTrust('trust-der', { authority: {} as never, links: [link], issuing: link, root: link }, []);
    expect(text.split('\n').filter((line) => line.endsWith('ab'.repeat(32)))).toEqual([]);
    expect(text.split('\n').filter((line) => /: [0-9a-f]{64}$/.test(line))).toHaveLength(1);
  });

  it('gives its files a name that fits a disk', () => {
    expect(fileNameOf({ commonName: 'x'.repeat(4_000) })).toHaveLength(60);
    expect(fileNameOf({ commonName: '..' })).toBe('ca');
    expect(fileNameOf({ commonName: '../../\u202egpj.exe' })).toBe('gpj.exe');
  });
});

describe('the attributes of a message', () => {
  it('hold no transactionID that would hide or reorder a line of the log', () => {
    for (const transactionId of ['a\nb', 'a\u202eb', '\u001b[2J', 'a\u3164']) expect(open(pkcsReq({ transactionId, tags: { transactionId: TAG.utf8String } }).bytes)).toMatchObject({ kind: 'unanswerable', reason: expect.stringContaining('hidden characters') });
    for (const transactionId of ['A1:b2/c+d=', 'Größe', '{0F-2}']) expect(open(pkcsReq({ transactionId, tags: { transactionId: TAG.utf8String } }).bytes)).toMatchObject({ kind: 'request' });
  });

  it('hold no message type that fills it', () => {
    const outcome = open(pkcsReq({ messageType: `99\n\u202e${'x'.repeat(5_000)}`, tags: { messageType: TAG.utf8String } }).bytes);
    expect(outcome.kind === 'fault' ? outcome.frame.messageType : '').toBe('99\\0A\\E2\\80\\AExxxxxx…');
  });

  it('are told line by line when a capture is read, on a terminal too', () => {
    const { lines, problem } = inspectCapture(pkcsReq({ transactionId: 'a\u001b]0;owned\u0007\nsignature: verifies' }).bytes, { crypto: nodeCrypto });
    expect(lines.find(({ name }) => name === 'transactionID')?.value).toBe('a\\1B]0;owned\\07\\0Asignature: verifies');
    expect(`${JSON.stringify(lines.map(({ value }) => value))}${problem}`).not.toMatch(/\\u001b|\\u0007/);
  });
});
