import { describe, expect, it } from 'vitest';
import { decryptRc2Cbc } from '../../../../src/main/adapters/crypto/rc2.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const NO_IV = new Uint8Array(8);

describe('RC2', () => {
  // RFC 2268 section 5: key, effective bits, plaintext, ciphertext.
  it.each([
    ['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
    ['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
    ['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
    ['88', 64, '0000000000000000', '61a8a244adacccf0'],
    ['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
    ['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
    ['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
    ['88bca90e90875a7f0f79c384627bafb216f80a6f85920584c42fceb0be255daf1e', 129, '0000000000000000', '5b78d3a43dfff1f1'],
  ])('decrypts the vector of key %s with %i effective bits', (key, bits, plaintext, ciphertext) => {
    expect(Buffer.from(decryptRc2Cbc(bytes(key), bits, NO_IV, bytes(ciphertext)) ?? []).toString('hex')).toBe(plaintext);
  });

  it('chains blocks', () => {
    const key = bytes('88bca90e90875a7f0f79c384627bafb2');
    const block = '2269552ab0f85ca6';
    expect(Buffer.from(decryptRc2Cbc(key, 128, bytes('0102030405060708'), bytes(block + block)) ?? []).toString('hex')).toBe(`0102030405060708${block}`);
  });

  it('refuses what is not of whole blocks', () => {
    expect(decryptRc2Cbc(bytes('88'), 64, NO_IV, bytes('61a8a2'))).toBeUndefined();
    expect(decryptRc2Cbc(bytes('88'), 64, new Uint8Array(4), bytes('61a8a244adacccf0'))).toBeUndefined();
  });
});
