// Random programs on our engines and on the reference engine: the same answer, the same state.
import { createPrng } from "@festina/primitives";
import type { Engine, EngineCall, EngineOutcome } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { createCompilerEngine, createInterpreterEngine, createReferenceEngine } from "../../src/index.ts";
import { addressOf, BLOCK, CALLER, CONTRACT, callTo, OTHER, worldWith } from "./anEngineRun.ts";
import { jumpyProgram } from "./jumpyProgram.ts";
import { randomProgram } from "./randomProgram.ts";

const PROGRAMS = 250;
const JUMPY_PROGRAMS = 120;
const EMPTY_ACCOUNT = addressOf(0xee);
const IDENTITY = `0x${"00".repeat(19)}04` as ReturnType<typeof addressOf>;
const ADDRESSES = [CONTRACT, OTHER, CALLER, EMPTY_ACCOUNT, IDENTITY];

async function outcomeOn(engine: Engine, call: EngineCall, codes: Parameters<typeof worldWith>[0]) {
  const view = worldWith(codes);
  const outcome: EngineOutcome = await engine.run(call, view, BLOCK);
  expect(view.openCheckpoints).toBe(0);
  // Why code stopped is told in more words than the protocol knows.
  if (outcome.kind === "halt") return { outcome: "halt", state: view.snapshot() };
  if (outcome.kind === "revert") return { outcome, state: view.snapshot() };
  const { touched: _, selfDestructed, ...rest } = outcome;
  return { outcome: { ...rest, selfDestructed: [...selfDestructed].sort() }, state: aliveIn(view) };
}

/** Without accounts that end empty: the executor removes what was touched, and engines touch differently. */
function aliveIn(view: ReturnType<typeof worldWith>): unknown {
  const accounts = view.snapshot() as readonly [string, { nonce: bigint; balanceWei: bigint } | null, unknown][];
  return accounts.filter(([, account]) => account !== null && (account.nonce > 0n || account.balanceWei > 0n));
}

describe.each([
  ["interpreter", createInterpreterEngine()],
  ["compiler", createCompilerEngine()],
])("%s and reference engine", (_, ours) => {
  const reference = createReferenceEngine({ chainId: BLOCK.chainId });

  it(`agree on ${PROGRAMS} random programs`, async () => {
    let successes = 0;
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const prng = createPrng(seed);
      const program = (): Uint8Array => randomProgram({ prng, steps: 1 + prng.below(25), addresses: ADDRESSES });
      const codes = { [CONTRACT]: program(), [OTHER]: program() };
      const isCreation = seed % 5 === 0;
      const call = callTo(isCreation ? null : CONTRACT, {
        data: isCreation ? program() : prng.bytes(prng.below(100)),
        valueWei: BigInt(prng.below(3) === 0 ? prng.below(500) : 0),
        gasLimit: BigInt(20_000 + prng.below(400_000)),
        isStatic: !isCreation && prng.below(6) === 0,
      });
      const expected = await outcomeOn(reference, call, codes);
      expect({ seed, ...(await outcomeOn(ours, call, codes)) }).toEqual({ seed, ...expected });
      if (expected.outcome !== "halt") successes += 1;
    }
    expect(successes).toBeGreaterThan(PROGRAMS / 10);
  }, 60_000);

  it(`agree on ${JUMPY_PROGRAMS} programs that jump, each with more and less gas`, async () => {
    for (let seed = 1; seed <= JUMPY_PROGRAMS; seed++) {
      const prng = createPrng(seed);
      const codes = {
        [CONTRACT]: jumpyProgram({ prng, addresses: ADDRESSES }),
        [OTHER]: jumpyProgram({ prng, addresses: ADDRESSES }),
      };
      for (let run = 0; run < 4; run++) {
        const call = callTo(CONTRACT, {
          data: prng.bytes(prng.below(100)),
          gasLimit: BigInt(500 + prng.below(run === 0 ? 60_000 : 10_000)),
          isStatic: prng.below(8) === 0,
        });
        const expected = await outcomeOn(reference, call, codes);
        expect({ seed, run, ...(await outcomeOn(ours, call, codes)) }).toEqual({ seed, run, ...expected });
      }
    }
  }, 60_000);
});
