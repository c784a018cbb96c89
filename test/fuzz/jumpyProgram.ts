// Programs that jump: blocks that begin and mostly end with the same number of words on the stack, so that any of them may
// follow any other, as often as the gas lets them.
import { type Address, bigintToBytes, hexToBytes, type Prng } from "@festina/primitives";

/** Words on the stack between two blocks. */
const HEIGHT = 7;
const BLOCKS_MAX = 10;
const LABEL_BYTES = 2;

const BINARY = [1, 2, 3, 4, 5, 6, 7, 10, 11, 16, 17, 18, 19, 20, 22, 23, 24, 26, 27, 28, 29];
const TERNARY = [8, 9];
const UNARY = [0x15, 0x19, 0x1e, 0x35, 0x54, 0x5c];
const CONTEXT = [
  0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x45, 0x46, 0x47, 0x48, 0x58, 0x59, 0x5a,
];
const CALLS = [0xf1, 0xf2, 0xf4, 0xfa];
const EDGES = [0n, 1n, 2n, 31n, 32n, 33n, 255n, 256n, 1n << 32n, (1n << 64n) - 1n, 1n << 64n, 1n << 128n, 1n << 255n];
const TWO_256 = 1n << 256n;

export interface JumpyOptions {
  readonly prng: Prng;
  /** Who may be called. */
  readonly addresses: readonly Address[];
}

export function jumpyProgram({ prng, addresses }: JumpyOptions): Uint8Array {
  const code: number[] = [];
  const blockCount = 1 + prng.below(BLOCKS_MAX);
  const starts: number[] = [];
  const uses: { readonly at: number; readonly block: number }[] = [];
  let height = 0;

  const op = (...bytes: readonly number[]): void => void code.push(...bytes);
  const pick = <T>(items: readonly T[]): T => items[prng.below(items.length)] as T;
  const push = (value: bigint): void => {
    const size = value === 0n ? prng.below(2) : Math.ceil(value.toString(16).length / 2);
    op(0x5f + size, ...(size === 0 ? [] : bigintToBytes(value, size)));
    height += 1;
  };
  const pushEdge = (): void => {
    const edge = pick(EDGES);
    push(pick([edge, edge + 1n, (TWO_256 - edge) % TWO_256, BigInt(prng.below(1_000)), wide()]));
  };
  const wide = (): bigint => BigInt(`0x${Buffer.from(prng.bytes(1 + prng.below(32))).toString("hex")}`);
  const pushSmall = (): void => push(BigInt(prng.below(30) === 0 ? prng.below(100_000) : prng.below(200)));
  const pushLabel = (block: number): void => {
    op(0x5f + LABEL_BYTES);
    uses.push({ at: code.length, block });
    op(0, 0);
    height += 1;
  };
  const pop = (): void => {
    op(0x50);
    height -= 1;
  };
  const give = (opcode: number, taken: number): void => {
    op(opcode);
    height += 1 - taken;
  };
  const take = (opcode: number, taken: number): void => {
    op(opcode);
    height -= taken;
  };
  const call = (): void => {
    const opcode = pick(CALLS);
    for (let i = 0; i < 4; i++) pushSmall();
    const hasValue = opcode === 0xf1 || opcode === 0xf2;
    if (hasValue) push(BigInt(prng.below(4) === 0 ? prng.below(100) : 0));
    op(0x73, ...hexToBytes(pick(addresses)));
    height += 1;
    if (prng.below(3) === 0) push(BigInt(prng.below(30_000)));
    else give(0x5a, 0);
    give(opcode, hasValue ? 7 : 6);
  };
  const steps: readonly (() => void)[] = [
    pushEdge,
    pushEdge,
    () => give(pick(BINARY), 2),
    () => give(pick(BINARY), 2),
    () => give(pick(BINARY), 2),
    () => give(pick(TERNARY), 3),
    () => give(pick(UNARY), 1),
    () => give(pick(CONTEXT), 0),
    () => {
      op(0x80 + prng.below(Math.min(16, height)));
      height += 1;
    },
    () => op(0x90 + prng.below(Math.min(16, height - 1))),
    () => op(0x90 + prng.below(Math.min(16, height - 1))),
    pop,
    () => {
      pushSmall();
      give(0x51, 1);
    },
    () => {
      pushSmall();
      take(pick([0x52, 0x53]), 2);
    },
    () => {
      pushSmall();
      pushSmall();
      give(0x20, 2);
    },
    () => {
      push(BigInt(prng.below(3)));
      take(pick([0x55, 0x5d]), 2);
    },
    () => {
      for (let i = 0; i < 3; i++) pushSmall();
      take(pick([0x37, 0x39, 0x5e]), 3);
    },
    () => {
      pushSmall();
      pushSmall();
      take(0xa0, 2);
    },
    call,
  ];

  for (let i = 0; i < HEIGHT; i++) pushEdge();
  for (let block = 0; block < blockCount; block++) {
    starts.push(code.length);
    op(0x5b);
    height = HEIGHT;
    const count = prng.below(12) === 0 ? 60 + prng.below(40) : prng.below(14);
    for (let step = 0; step < count; step++) {
      while (height < 4) pushEdge();
      pick(steps)();
    }
    // Now and then a block leaves more or fewer words than others expect.
    const wanted = prng.below(25) === 0 ? HEIGHT + prng.below(5) - 2 : HEIGHT;
    while (height > wanted) pop();
    while (height < wanted) pushEdge();
    leave();
  }
  function leave(): void {
    const kind = prng.below(12);
    const target = prng.below(blockCount + (prng.below(20) === 0 ? 1 : 0));
    if (kind < 4) {
      if (prng.below(3) === 0) op(0x80 + prng.below(HEIGHT));
      else give(0x5a, 0);
      if (prng.below(2) === 0) op(0x15);
      pushLabel(target);
      op(0x57);
    } else if (kind < 7) {
      pushLabel(target);
      // A target that the code does not show.
      if (prng.below(2) === 0) op(0x3d, 0x01);
      op(0x56);
    } else if (kind < 8) {
      op(0x36);
      pushLabel(target);
      op(0x57);
    } else if (kind < 9 && prng.below(3) === 0) op(pick([0x00, 0xfe, 0xf3, 0xfd]));
  }
  for (let i = 0; i < HEIGHT; i++) op(0x60, 32 * i, 0x52);
  op(0x60, 32 * HEIGHT, 0x5f, prng.below(5) === 0 ? 0xfd : 0xf3);
  for (const { at, block } of uses) {
    const start = starts[block] ?? 1;
    code[at] = start >> 8;
    code[at + 1] = start & 0xff;
  }
  return Uint8Array.from(code);
}
