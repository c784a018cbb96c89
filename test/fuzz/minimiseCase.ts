import { type Address, bytesToHex, concatBytes, type Hex, hexToBytes } from "@festina/primitives";
import type { FuzzCase } from "./fuzzCase.ts";

/** Attempts for one case: a difference that takes long to reproduce is kept as it is. */
const ATTEMPTS_MAX = 4_000;
const JUMPDEST = 0x5b;

/** A smaller case of which `differs` still holds: code, data and gas are cut down for as long as that works. */
export async function minimiseCase(
  found: FuzzCase,
  differs: (smaller: FuzzCase) => Promise<boolean>,
): Promise<FuzzCase> {
  let attempts = 0;
  let best = found;
  const attempt = async (smaller: FuzzCase): Promise<boolean> => {
    if (attempts++ >= ATTEMPTS_MAX || !(await differs(smaller))) return false;
    best = smaller;
    return true;
  };
  for (let before = ""; before !== JSON.stringify(best) && attempts < ATTEMPTS_MAX; ) {
    before = JSON.stringify(best);
    for (const address of Object.keys(best.codes) as Address[]) {
      await shrinkBytes(
        () => hexToBytes(best.codes[address] ?? "0x"),
        (code) => attempt({ ...best, codes: { ...best.codes, [address]: bytesToHex(code) } }),
      );
    }
    await shrinkBytes(
      () => hexToBytes(best.input.data),
      (data) => attempt({ ...best, input: { ...best.input, data: bytesToHex(data) as Hex } }),
    );
    for (const valueWei of [0, 1]) {
      if (best.input.valueWei > valueWei) await attempt({ ...best, input: { ...best.input, valueWei } });
    }
    if (best.input.isStatic) await attempt({ ...best, input: { ...best.input, isStatic: false } });
  }
  return best;
}

/** Takes ranges out, large ones first; where something has to stay in place, puts JUMPDEST there. */
async function shrinkBytes(current: () => Uint8Array, attempt: (bytes: Uint8Array) => Promise<boolean>): Promise<void> {
  for (let size = current().length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < current().length; ) {
      const bytes = current();
      if (await attempt(concatBytes(bytes.slice(0, at), bytes.slice(at + size)))) continue;
      const filled = bytes.slice().fill(JUMPDEST, at, at + size);
      if (filled.some((byte, index) => byte !== bytes[index])) await attempt(filled);
      at += size;
    }
  }
}
