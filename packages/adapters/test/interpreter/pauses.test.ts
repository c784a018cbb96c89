// Runs that share their thread: pauses change nothing but who else has a turn meanwhile.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Engine, EngineCall, Pace } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { createCompilerEngine, createInterpreterEngine } from "../../src/index.ts";
import { BLOCK, CONTRACT, callTo, OTHER, worldWith } from "./anEngineRun.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
/** POP, then round again to place 2 until the counter below is 0. */
const AGAIN = "50600190038060025700";

const CODES: Readonly<Record<string, string>> = {
  // Counts from 1,000 down by JUMPI.
  conditionalLoop: "5f6103e85b80910190600190038060045750805f5560205ff3",
  // From 256 down by JUMP: to 3 and the size of the call data.
  computedLoop: "6101005b60019003801560125736600301565b00",
  // The same, forward by JUMPI and back by JUMP, to places that are known.
  knownLoop: "6101005b6001900380600d57005b600356",
  // Calls itself with what gas there is, and no jump anywhere.
  recursion: "5f545f5560205f5f5f5f305af1600101805f5560205ff3",
  // Calls another contract in a circle.
  callLoop: `60205b5f5f5f5f5f73${OTHER.slice(2)}612710f1${AGAIN}`,
  // SHA-256 of nothing in a circle.
  precompileLoop: `60205b60205f5f5f5f600261fffff1${AGAIN}`,
  // Creates contracts of one byte in a circle.
  creationLoop: `60085b6360015ff35f526004601c5ff0${AGAIN}`,
  // Goes round until its gas is gone.
  endless: "5b5f56",
  invalidJump: "60205b60019003806002575f56",
};

type Worlds = Parameters<typeof worldWith>[0];
const world = (code: string): Worlds => ({ [CONTRACT]: bytes(code), [OTHER]: bytes("5f545f5560015f55") });

async function runOn(engine: Engine, code: string, changes: Partial<EngineCall> = {}) {
  const view = worldWith(world(code));
  const outcome = await engine.run(callTo(CONTRACT, changes), view, BLOCK);
  return { outcome, state: view.snapshot() };
}

function aPace(sliceGas: bigint, rest: () => Promise<void> | null): Pace & { readonly pauses: number } {
  let pauses = 0;
  return {
    sliceGas,
    rest: () => {
      pauses += 1;
      return rest();
    },
    get pauses() {
      return pauses;
    },
  };
}

const unpaced = createInterpreterEngine();

describe.each([
  ["interpreter", createInterpreterEngine],
  ["compiler", createCompilerEngine],
])("the %s in slices", (_, create) => {
  it.each(Object.entries(CODES))("ends %s as it does in one go", async (_name, code) => {
    const expected = await runOn(unpaced, code);
    for (const sliceGas of [1n, 40n, 300n]) {
      const pace = aPace(sliceGas, () => null);
      expect(await runOn(create(pace), code)).toEqual(expected);
      expect(pace.pauses).toBeGreaterThan(0);
    }
  });

  it.each([
    ["endless", 350],
    // A slot costs twenty slices, and is paid at once.
    ["recursion", 50],
  ])("pauses in %s again and again", async (name, pauses) => {
    const pace = aPace(1_000n, () => null);
    await runOn(create(pace), CODES[name] as string, { gasLimit: 400_000n });
    expect(pace.pauses).toBeGreaterThan(pauses);
  });

  it("lets others run meanwhile, runs of its own too", async () => {
    const pace = aPace(2_000n, () => nextTurn());
    const engine = create(pace);
    const codes = [CODES.conditionalLoop, CODES.callLoop, CODES.creationLoop] as string[];
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const together = await Promise.all(codes.map((code) => runOn(engine, code)));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
    for (const [index, code] of codes.entries()) expect(together[index]).toEqual(await runOn(unpaced, code));
  });

  it("is not resumed by a rest that fails", async () => {
    const engine = create(aPace(1_000n, () => Promise.reject(new Error("no rest"))));
    await expect(runOn(engine, CODES.endless as string)).rejects.toThrow("no rest");
  });
});
