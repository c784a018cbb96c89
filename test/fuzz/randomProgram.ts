// Programs that mostly get somewhere: every instruction finds operands, and offsets are small more often than not.
import { type Address, bigintToBytes, concatBytes, hexToBytes, type Prng } from "@festina/primitives";

const PURE = [...Array.from({ length: 11 }, (_, i) => 0x01 + i), ...Array.from({ length: 15 }, (_, i) => 0x10 + i)];
const CONTEXT = [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a];
const GAS_AND_SIZE = [0x58, 0x59, 0x5a];
const WORDS = [
  0n,
  1n,
  2n,
  31n,
  32n,
  33n,
  64n,
  255n,
  256n,
  0xffffffffn,
  1n << 64n,
  (1n << 255n) + 5n,
  (1n << 256n) - 1n,
];

/** RETURN most of the time; REVERT, INVALID, JUMP to nowhere, STOP, SELFDESTRUCT. */
const ENDINGS = [...Array.from({ length: 7 }, () => 0xf3), 0xfd, 0xfe, 0x56, 0x00, 0xff];

export interface ProgramOptions {
  readonly prng: Prng;
  readonly steps: number;
  /** Who may be called, asked about or paid. */
  readonly addresses: readonly Address[];
}

export function randomProgram({ prng, steps, addresses }: ProgramOptions): Uint8Array {
  const parts: Uint8Array[] = [];
  const op = (...bytes: readonly number[]): void => void parts.push(Uint8Array.from(bytes));
  const pick = <T>(items: readonly T[]): T => items[prng.below(items.length)] as T;
  const push = (value: bigint): void => {
    const size = Math.max(1, Math.ceil(value.toString(16).length / 2));
    parts.push(concatBytes(Uint8Array.of(0x5f + size), bigintToBytes(value, size)));
  };
  const pushAny = (): void => push(prng.below(3) === 0 ? pick(WORDS) : BigInt(prng.below(1_000)));
  const pushSmall = (): void => push(prng.below(40) === 0 ? pick(WORDS) : BigInt(prng.below(300)));
  const pushAddress = (): void => {
    parts.push(concatBytes(Uint8Array.of(0x73), hexToBytes(pick(addresses))));
  };
  const pushSlot = (): void => push(BigInt(prng.below(4)));
  const keep = (): void => {
    // What an instruction left counts: it goes to memory, where the end of the program returns it.
    push(BigInt(32 * prng.below(8)));
    op(0x52);
  };
  const call = (opcode: number): void => {
    for (let i = 0; i < 4; i++) pushSmall();
    if (opcode === 0xf1 || opcode === 0xf2) push(BigInt(prng.below(3) === 0 ? prng.below(2_000) : 0));
    pushAddress();
    if (prng.below(4) === 0) push(BigInt(prng.below(3_000)));
    else op(0x5a);
    op(opcode);
    keep();
  };
  const one =
    (...opcodes: readonly number[]) =>
    (): void =>
      op(pick(opcodes));
  const log = (): void => {
    const topics = prng.below(5);
    for (let i = 0; i < topics; i++) pushAny();
    pushSmall();
    pushSmall();
    op(0xa0 + topics);
  };
  const kinds: readonly (readonly (() => void)[])[] = [
    [pushAny, pushAny, pushAny, one(...PURE), keep, one(0x50)],
    [one(...CONTEXT), keep],
    [one(...GAS_AND_SIZE), keep],
    [pushSlot, one(0x54), keep],
    [pushSmall, pushSlot, one(0x55)],
    [pushSlot, one(0x5c), keep],
    [pushSmall, pushSlot, one(0x5d)],
    [pushSmall, one(0x51), keep],
    [pushAny, pushSmall, one(0x52, 0x53)],
    [pushSmall, pushSmall, one(0x20), keep],
    [pushSmall, one(0x35), keep],
    [pushSmall, pushSmall, pushSmall, one(0x37, 0x39, 0x3e, 0x5e)],
    [pushAddress, one(0x31, 0x3b, 0x3f), keep],
    [pushSmall, pushSmall, pushSmall, pushAddress, one(0x3c)],
    [() => push(BigInt(prng.below(320))), one(0x40), keep],
    [() => call(pick([0xf1, 0xf1, 0xf2, 0xf4, 0xfa]))],
    [pushSlot, pushSmall, pushSmall, () => push(BigInt(prng.below(20))), one(0xf0, 0xf5), keep],
    [log],
    [pushAny, pushAny, () => op(0x80, 0x91, 0x50, 0x50, 0x50)],
  ];
  for (let step = 0; step < steps; step++) for (const part of pick(kinds)) part();
  const ending = pick(ENDINGS);
  if (ending === 0xff) pushAddress();
  if (ending === 0xf3 || ending === 0xfd) {
    pushSmall();
    push(0n);
  }
  op(ending);
  return concatBytes(...parts);
}
