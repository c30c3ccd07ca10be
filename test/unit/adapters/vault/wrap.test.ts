import { describe, expect, it } from 'vitest';
import { closeBox, openBox, rewrapKey, unwrapPrivateKey, wrapPrivateKey } from '../../../../src/main/adapters/vault/wrap.ts';
import { rsaKey } from '../../../support/keys.ts';

const kek = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

describe('a box', () => {
  it('opens with its key and context only', () => {
    const box = closeBox(kek, 'context', Buffer.from('content'));
    expect(openBox(kek, 'context', box)?.toString()).toBe('content');
    expect(openBox(other, 'context', box)).toBeUndefined();
    expect(openBox(kek, 'contexT', box)).toBeUndefined();
  });

  it('is another one each time', () => {
    const boxes = Array.from({ length: 100 }, () => Buffer.from(closeBox(kek, 'context', Buffer.from('content'))).toString('hex'));
    expect(new Set(boxes.map((box) => box.slice(2, 26))).size).toBe(100);
  });

  it('does not open once any of its bits was changed, or it was cut', () => {
    const box = closeBox(kek, 'context', Buffer.from('content'));
    for (let bit = 0; bit < box.length * 8; bit++) {
      const changed = Uint8Array.from(box, (b, i) => (i === bit >> 3 ? b ^ (1 << (bit & 7)) : b));
      expect(openBox(kek, 'context', changed), `bit ${bit}`).toBeUndefined();
    }
    for (let length = 0; length < box.length; length++) expect(openBox(kek, 'context', box.subarray(0, length)), `cut to ${length}`).toBeUndefined();
  });
});

describe('a wrapped private key', () => {
  const label = { id: 'k1', purpose: 'authority', algorithm: 'rsa-2048', createdAt: 0 } as const;

  it('is bound to its id, purpose and algorithm', () => {
    const stored = wrapPrivateKey(kek, label, rsaKey(0).privateKey);
    expect(unwrapPrivateKey(kek, stored)?.equals(rsaKey(0).privateKey)).toBe(true);
    for (const changed of [{ id: 'k2' }, { purpose: 'scep' as const }, { algorithm: 'rsa-4096' as const }]) expect(unwrapPrivateKey(kek, { ...stored, ...changed })).toBeUndefined();
  });

  it('moves to another key-encryption key whole', () => {
    const stored = wrapPrivateKey(kek, label, rsaKey(0).privateKey);
    const moved = rewrapKey(kek, other, stored);
    if (moved === undefined) throw new Error('it did not open');
    expect(unwrapPrivateKey(other, moved)?.equals(rsaKey(0).privateKey)).toBe(true);
    expect(unwrapPrivateKey(kek, moved)).toBeUndefined();
    expect(rewrapKey(other, kek, stored)).toBeUndefined();
  });
});
