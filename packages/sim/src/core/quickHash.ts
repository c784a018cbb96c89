// Hashes for the simulator's own blocks and signatures: 128 bits, quick, good enough that nothing collides by chance.
// Nobody in a simulation looks for collisions.
import { bytesToHex, type Hash32 } from "@festina/primitives";

const TAG_BYTES = 16;

export function quickTag(...parts: readonly Uint8Array[]): Uint8Array {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  for (const part of parts) {
    for (let index = 0; index < part.length; index++) {
      a = Math.imul(a ^ (part[index] as number), 0x01000193);
      b = Math.imul(b + a, 0x85ebca6b) ^ (a >>> 13);
      c = Math.imul(c ^ b, 0xc2b2ae35) + (b >>> 7);
      d = (d ^ c) + Math.imul(d, 5) + (a >>> 3);
    }
    a ^= part.length;
  }
  for (let round = 0; round < 4; round++) {
    a = Math.imul(a ^ (d >>> 15), 0x2c1b3c6d);
    b = Math.imul(b ^ (a >>> 12), 0x297a2d39);
    c = Math.imul(c ^ (b >>> 15), 0x85ebca6b);
    d = Math.imul(d ^ (c >>> 13), 0xc2b2ae35);
  }
  const tag = new Uint8Array(TAG_BYTES);
  const view = new DataView(tag.buffer);
  [a, b, c, d].forEach((word, index) => {
    view.setUint32(index * 4, word >>> 0);
  });
  return tag;
}

export function quickHash(...parts: readonly Uint8Array[]): Hash32 {
  return `${bytesToHex(quickTag(...parts))}${"00".repeat(32 - TAG_BYTES)}` as Hash32;
}
