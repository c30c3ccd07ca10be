import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limitKeyOf, sourceOf } from '../../../../src/main/adapters/http/source.ts';

describe('sourceOf', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ])('shows %s as %s', (address, shown) => {
    expect(sourceOf(address)).toBe(shown);
  });

  it('has a word for a socket that is gone already', () => {
    expect(sourceOf(undefined)).toBe('unknown');
  });
});

describe('limitKeyOf', () => {
  it('counts an IPv4 address by itself', () => {
    expect(limitKeyOf('192.0.2.7')).not.toBe(limitKeyOf('192.0.2.8'));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
    ['2001:db8::1', '2001:db8:0:0:1::'],
    ['::1', '::2'],
    ['fe80::1%eth0', 'fe80::aaaa:2%eth1'],
    ['2001:db8::192.0.2.1', '2001:db8::192.0.2.2'],
  ])('A12.10 counts %s and %s as one: the addresses of a /64 cost nothing', (a, b) => {
    expect(limitKeyOf(a)).toBe(limitKeyOf(b));
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8::1', '2001:db9::1'],
  ])('tells %s from %s', (a, b) => {
    expect(limitKeyOf(a)).not.toBe(limitKeyOf(b));
  });

  it('depends on the first four groups only, however the address is written', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), fc.array(group, { minLength: 4, maxLength: 4 }), (groups, others) => {
        const written = groups.map((value) => value.toString(16)).join(':');
        const neighbour = [...groups.slice(0, 4), ...others].map((value) => value.toString(16).padStart(4, '0')).join(':');
        expect(limitKeyOf(written)).toBe(limitKeyOf(neighbour));
      }),
    );
  });
});
