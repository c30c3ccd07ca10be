/**
 * Makes wrong bytes out of right ones, reproducibly: the same seed gives the same inputs. FUZZ_INPUTS sets how many a campaign tries,
 * FUZZ_SEED where it starts (each run prints neither unless a test fails: the failing input is in the assertion).
 */

/** How many inputs each fuzz test tries. */
export const fuzzInputs = (usual: number): number => Number(process.env['FUZZ_INPUTS'] ?? usual);

/** mulberry32: small, fast, good enough to choose bytes by. */
export function seededRandom(seed = Number(process.env['FUZZ_SEED'] ?? 1)): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

// Values that mean something in BER: lengths at their edges, indefinite, common tags, end-of-contents.
const TELLING = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x24, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa0, 0xa1, 0xa3, 0xff];

/** One to four small changes: a bit, a byte, a telling byte, a cut, a repeated or moved or dropped stretch, a length that lies. */
export function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let out: Buffer = Buffer.from(bytes);
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(out.length || 1);
    const length = 1 + random(Math.min(40, out.length || 1));
    switch (random(8)) {
      case 0:
        if (at < out.length) out[at]! ^= 1 << random(8);
        break;
      case 1:
        out[at] = random(256);
        break;
      case 2:
      case 3:
        out[at] = TELLING[random(TELLING.length)]!;
        break;
      case 4:
        out = out.subarray(0, at);
        break;
      case 5:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
        break;
      case 6:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      default:
        out = Buffer.concat([out.subarray(0, at), Buffer.from(Array.from({ length: random(12) }, () => TELLING[random(TELLING.length)]!)), out.subarray(at)]);
    }
  }
  return out;
}
