import type { RecoveredTransaction } from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import type { CallEnvironment } from "../../src/backend/callEnvironment.ts";
import { createOpenEnvironment, type WaitingTransactions } from "../../src/backend/waitingTransactions.ts";

/** A state that takes everything and has nothing. */
const view = new Proxy({}, { get: () => () => 0n }) as CallEnvironment["view"];
const block = { number: 2, timestamp: 1, gasLimit: 1_000n, baseFeePerGasWei: 1n } as CallEnvironment["block"];
/** None fits the block, so that it is only looked at. */
const tooLarge = { gasLimit: 2_000n } as RecoveredTransaction;
const WAITING = 200;

/** `stepMs`: how much time each look takes. */
async function lookedAt(takesWorkAtOnce: boolean, isNext = true, stepMs = 0): Promise<number> {
  let nowMs = 0;
  let left = WAITING;
  let looked = 0;
  const parent = { hash: `0x${"00".repeat(32)}`, header: { snailPointer: `0x${"00".repeat(32)}` } };
  const waiting = {
    clock: {
      nowMs: () => {
        nowMs += stepMs;
        return nowMs;
      },
    },
    stateAt: () => parent,
    takesWorkAtOnce: () => takesWorkAtOnce,
    pending: () => ({
      next: () => (left-- > 0 ? tooLarge : null),
      skipSender: () => {
        looked += 1;
      },
    }),
  } as unknown as WaitingTransactions;
  await createOpenEnvironment(() => ({ view, block }), waiting)({ number: 1, isNext });
  return looked;
}

describe("what waits", () => {
  it("is all run for whoever asks about a block that is made by request", async () => {
    expect(await lookedAt(false)).toBe(WAITING);
    expect(await lookedAt(false, false)).toBe(0);
  });

  it("is run for no longer than such a block would be built", async () => {
    // A second, of looks of 50 ms.
    expect(await lookedAt(false, true, 50)).toBe(19);
  });

  it("is run in part while blocks are made for work: hundreds that are sent at once ask hundreds of times", async () => {
    expect(await lookedAt(true)).toBe(8);
  });
});
