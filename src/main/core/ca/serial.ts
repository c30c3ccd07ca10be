/** Serial numbers: positive, 16 octets, 126 random bits, always the same length (RFC 5280 4.1.2.2; at least 64 random bits by the CA/Browser Forum). */

/** From 16 random octets: the top two bits become 01, so that the number is positive and never shorter. */
export function serialFrom(random: Uint8Array): Uint8Array {
  if (random.length !== 16) throw new Error('a serial is made of 16 octets');
  const serial = Uint8Array.from(random);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}
