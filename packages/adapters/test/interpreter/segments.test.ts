// Stretches of code whose gas and stack are looked at once: wherever gas ends, or the stack does, the answer is that of the
// reference engine, which looks at every instruction.
import { describe, expect, it } from "@jest/globals";
import { createInterpreterEngine, createReferenceEngine } from "../../src/index.ts";
import { BLOCK, CONTRACT, callTo, worldWith } from "./anEngineRun.ts";

const interpreter = createInterpreterEngine();
const reference = createReferenceEngine({ chainId: BLOCK.chainId });

const PUSH0 = 0x5f;
const POP = 0x50;
const GAS = 0x5a;
const JUMPDEST = 0x5b;
const MSTORE = 0x52;
const RETURN_TOP = [PUSH0, MSTORE, 0x60, 32, PUSH0, 0xf3];
const times = (count: number, ...code: number[]): number[] => Array.from({ length: count }, () => code).flat();
const jump = (opcode: number, to: number): number[] => [0x61, to >> 8, to & 0xff, opcode];

/** With each gas limit, both answers. */
async function answers(code: readonly number[], gasLimits: readonly number[]): Promise<void> {
  for (const gasLimit of gasLimits) {
    const call = callTo(CONTRACT, { gasLimit: BigInt(gasLimit) });
    const [mine, expected] = await Promise.all(
      [interpreter, reference].map((engine) =>
        engine.run(call, worldWith({ [CONTRACT]: Uint8Array.from(code) }), BLOCK),
      ),
    );
    const told = (outcome: typeof mine) =>
      outcome?.kind === "halt" ? "halt" : [outcome?.kind, outcome?.gasLeft, outcome?.output];
    expect([gasLimit, told(mine)]).toEqual([gasLimit, told(expected)]);
  }
}

describe("segments", () => {
  it("end where gas is seen, and run dry where instructions would", async () => {
    const code = [...times(40, PUSH0, POP), GAS, ...times(90, JUMPDEST), GAS, 0x03, ...RETURN_TOP];
    // 160 and 2, 90 and 2, 3, then 15 for the return.
    await answers(code, [0, 1, 160, 161, 162, 251, 252, 253, 254, 256, 257, 271, 272, 273, 10_000]);
  });

  it("may be entered in the middle of another one", async () => {
    // The first way to the second JUMPDEST is straight on, the second by a jump back.
    const loop = [PUSH0, JUMPDEST, 0x60, 1, 0x01, JUMPDEST, 0x60, 5, 0x01, 0x80, 0x60, 20, 0x90, 0x10];
    await answers([...loop, ...jump(0x57, 5), ...RETURN_TOP], [0, 3, 40, 60, 80, 100, 10_000]);
  });

  it("need what any of their instructions needs, and may grow as far as the stack does", async () => {
    await answers([...times(3, PUSH0), ...times(2, 0x01), 0x01, 0x00], [1_000]);
    await answers([...times(16, PUSH0), 0x90, 0x8f, 0x00], [1_000]);
    await answers([...times(16, PUSH0), 0x9f, 0x00], [1_000]);
    for (const height of [1_023, 1_024, 1_025]) await answers([...times(height, PUSH0), 0x00], [10_000]);
    for (const height of [1_023, 1_024]) await answers([...times(height, PUSH0), PUSH0, POP, 0x00], [10_000]);
  });

  it("know a jump by the push before it, taken or not, allowed or not", async () => {
    for (const to of [5, 6, 7, 8, 300]) {
      await answers([...jump(0x56, to), 0xfe, JUMPDEST, JUMPDEST, 0x60, JUMPDEST, 0x00], [0, 10, 11, 12, 13, 1_000]);
      for (const condition of [0, 1])
        await answers(
          [0x60, condition, ...jump(0x57, to + 2), JUMPDEST, JUMPDEST, 0x60, JUMPDEST, 0x00],
          [15, 16, 18, 99],
        );
    }
    // Without a condition on the stack, and with the jump as the 65th instruction.
    await answers(jump(0x57, 0), [1_000]);
    await answers([...times(62, JUMPDEST), ...jump(0x56, 67), 0xfe, JUMPDEST, 0x00], [72, 73, 74, 1_000]);
    await answers([...times(63, JUMPDEST), ...jump(0x56, 68), 0xfe, JUMPDEST, 0x00], [73, 74, 75, 76, 1_000]);
  });
});
