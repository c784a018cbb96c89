// Programs made of others: what random generators do not think of grows out of what they did.
import { concatBytes, type Prng } from "@festina/primitives";

const PROGRAM_BYTES_MAX = 4_096;
const EDITS_MAX = 6;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

export function mutateProgram(prng: Prng, program: Uint8Array, other: Uint8Array): Uint8Array {
  let code: Uint8Array = program;
  for (let edits = 1 + prng.below(EDITS_MAX); edits > 0; edits--) code = edit(prng, code, other);
  return code.slice(0, PROGRAM_BYTES_MAX);
}

function edit(prng: Prng, code: Uint8Array, other: Uint8Array): Uint8Array {
  const at = prng.below(code.length + 1);
  const upTo = Math.min(code.length, at + 1 + prng.below(24));
  const [before, range, after] = [code.slice(0, at), code.slice(at, upTo), code.slice(upTo)];
  switch (prng.below(8)) {
    case 0:
      return concatBytes(before, after);
    case 1:
      return concatBytes(before, range, range, after);
    case 2: {
      // Another instruction in place of one, or an operand's byte changed: jumps still land where they did.
      const changed = code.slice();
      if (at < changed.length) changed[at] = prng.below(256);
      return changed;
    }
    case 3: {
      const from = prng.below(other.length + 1);
      return concatBytes(before, other.slice(from, from + 1 + prng.below(60)), after);
    }
    case 4:
      return concatBytes(before, randomPush(prng), range, after);
    case 5: {
      const changed = code.slice();
      for (let i = at; i < upTo; i++) changed[i] = other[i] ?? prng.below(256);
      return changed;
    }
    case 6:
      return concatBytes(before, Uint8Array.of(prng.below(256)), range, after);
    default: {
      const start = startOfInstruction(code, at);
      return concatBytes(code.slice(0, start), Uint8Array.of(0x80 + prng.below(32)), code.slice(start));
    }
  }
}

function randomPush(prng: Prng): Uint8Array {
  const size = 1 + prng.below(prng.below(4) === 0 ? 32 : 2);
  return concatBytes(Uint8Array.of(PUSH1 + size - 1), prng.bytes(size));
}

/** The last instruction that begins at `offset` or before it. */
function startOfInstruction(code: Uint8Array, offset: number): number {
  let at = 0;
  while (at < offset && at < code.length) {
    const opcode = code[at] ?? 0;
    const next = at + 1 + (opcode >= PUSH1 && opcode <= PUSH32 ? opcode - PUSH1 + 1 : 0);
    if (next > offset) return at;
    at = next;
  }
  return at;
}
