import { createEngineChain, type Engine, type EngineFault, HOT_CODE_LIMITS, hotGasOf } from "@festina/tvm";
import { describe, expect, it } from "@jest/globals";
import { createInterpreterEngine, createTieredEngine } from "../../src/index.ts";
import { addressOf, BLOCK, CONTRACT, callTo, OTHER, worldWith } from "../interpreter/anEngineRun.ts";
import { aManualCompiler, aPlantedModule, BREAKS } from "./aManualCompiler.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** Adds up the numbers from 40,000 down, stores, logs and returns the sum: 1.5 million gas. `salt` makes another code. */
const loop = (salt: number): Uint8Array =>
  bytes(`5f619c405b80910190600190038060045750805f555f5260205fa060205ff3${salt.toString(16).padStart(2, "0")}`);
const LOOP = loop(0);
const SUM = BigInt((40_000 * 40_001) / 2);
const push = (address: string): string => `73${address.slice(2)}`;
/** Calls it twice and returns what it returned last. */
const callsTwice = (address: string): Uint8Array => {
  const call = `60205f5f5f5f${push(address)}5af150`;
  return bytes(`${call}${call}60205ff3`);
};

type Codes = Parameters<typeof worldWith>[0];

async function runOn(engine: Engine, codes: Codes, to = CONTRACT) {
  const view = worldWith(codes);
  const outcome = await engine.run(callTo(to, { gasLimit: 5_000_000n }), view, BLOCK);
  return { outcome, state: view.snapshot() };
}

const statusOf = (engine: Engine) => {
  const status = engine.compilerStatus?.();
  if (status === undefined) throw new Error("the engine has a compiler");
  return status;
};

describe("the tiered engine", () => {
  const interpreter = createInterpreterEngine();

  it("interprets what is cold, and compiles what is hot while runs go on", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port });
    const expected = await runOn(interpreter, { [CONTRACT]: LOOP });
    expect(
      expected.outcome.kind === "success" && BigInt(`0x${Buffer.from(expected.outcome.output).toString("hex")}`),
    ).toBe(SUM);
    expect(await runOn(engine, { [CONTRACT]: LOOP })).toEqual(expected);
    expect(port.waiting).toBe(1);
    expect(statusOf(engine)).toMatchObject({ compiled: 0, waiting: 1, gasCompiled: 0 });
    // Asked for once, however often it runs meanwhile.
    expect(await runOn(engine, { [CONTRACT]: LOOP })).toEqual(expected);
    expect(port.waiting).toBe(1);
    port.finish();
    const { gasInterpreted } = statusOf(engine);
    expect(gasInterpreted).toBeGreaterThan(2 * Number(hotGasOf(LOOP.length)));
    expect(await runOn(engine, { [CONTRACT]: LOOP })).toEqual(expected);
    expect(statusOf(engine)).toMatchObject({ compiled: 1, waiting: 0, liveModules: 1, gasInterpreted });
    expect(statusOf(engine).gasCompiled).toBeGreaterThan(1_500_000);
  });

  it("counts gas of each code by itself, over many runs, and in nested calls", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port });
    const short = bytes("6103e85b600190038060035700");
    for (let run = 0; run < 10; run++) await runOn(engine, { [CONTRACT]: short });
    expect(port.waiting).toBe(0);
    const codes = { [CONTRACT]: callsTwice(OTHER), [OTHER]: LOOP };
    const expected = await runOn(interpreter, codes);
    expect(await runOn(engine, codes)).toEqual(expected);
    // The callee is hot, the caller has used next to nothing.
    expect(port.waiting).toBe(1);
    port.finish();
    expect(await runOn(engine, codes)).toEqual(expected);
    expect(port.waiting).toBe(0);
    expect(statusOf(engine)).toMatchObject({ compiled: 1, liveModules: 1 });
    expect(statusOf(engine).gasCompiled).toBeGreaterThan(3_000_000);
  });

  it("counts no gas that is only missing", async () => {
    const engine = createTieredEngine({ port: aManualCompiler() });
    // Writes to memory that nobody can pay for.
    await runOn(engine, { [CONTRACT]: bytes("60016601000000000000525b00") });
    expect(statusOf(engine).gasInterpreted).toBeLessThanOrEqual(5_000_000);
  });

  it("never compiles init code", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port });
    for (let run = 0; run < 3; run++) {
      const outcome = await engine.run(callTo(null, { data: LOOP, gasLimit: 10_000_000n }), worldWith({}), BLOCK);
      expect(outcome.kind).toBe("success");
    }
    expect(statusOf(engine).gasInterpreted).toBeGreaterThan(4_500_000);
    expect(port.waiting).toBe(0);
  });

  it("asks again for what found the queue full", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port, limits: { ...HOT_CODE_LIMITS, queueMax: 1 } });
    for (const salt of [1, 2, 3]) await runOn(engine, { [CONTRACT]: loop(salt) });
    expect(statusOf(engine).waiting).toBe(2);
    port.finish();
    port.finish();
    await runOn(engine, { [CONTRACT]: loop(3) });
    expect(statusOf(engine)).toMatchObject({ compiled: 2, waiting: 1 });
  });

  it("goes back to interpreting what was dropped for others, until that is hot again", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port, limits: { ...HOT_CODE_LIMITS, modulesMax: 1 } });
    const expected = await runOn(interpreter, { [CONTRACT]: loop(1) });
    for (const salt of [1, 2]) {
      await runOn(engine, { [CONTRACT]: loop(salt) });
      port.finish();
      await runOn(engine, { [CONTRACT]: loop(salt) });
    }
    const before = statusOf(engine);
    expect(before).toMatchObject({ compiled: 2, evicted: 1, liveModules: 1 });
    expect(await runOn(engine, { [CONTRACT]: loop(1) })).toEqual(expected);
    expect(statusOf(engine).gasCompiled).toBe(before.gasCompiled);
    expect(port.waiting).toBe(1);
    port.finish();
    expect(await runOn(engine, { [CONTRACT]: loop(1) })).toEqual(expected);
    expect(statusOf(engine)).toMatchObject({ compiled: 3, evicted: 2, liveModules: 1 });
  });

  it("keeps what runs again and again, and drops what has not run for longest", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port, limits: { ...HOT_CODE_LIMITS, modulesMax: 2 } });
    for (const salt of [1, 2]) {
      await runOn(engine, { [CONTRACT]: loop(salt) });
      port.finish();
      await runOn(engine, { [CONTRACT]: loop(salt) });
    }
    await runOn(engine, { [CONTRACT]: loop(1) });
    await runOn(engine, { [CONTRACT]: loop(3) });
    port.finish();
    const { gasCompiled, evicted } = statusOf(engine);
    expect(evicted).toBe(1);
    await runOn(engine, { [CONTRACT]: loop(1) });
    expect(statusOf(engine).gasCompiled).toBeGreaterThan(gasCompiled);
  });

  it("bars code that has run before from the run that breaks on", async () => {
    const port = aManualCompiler();
    const engine = createTieredEngine({ port });
    await runOn(engine, { [CONTRACT]: LOOP });
    port.finish();
    await runOn(engine, { [CONTRACT]: LOOP });
    expect(statusOf(engine)).toMatchObject({ refused: {}, liveModules: 1 });
    const broken = worldWith({ [CONTRACT]: LOOP });
    broken.getStorage = () => {
      throw new Error("the disk is gone");
    };
    const run = async () => engine.run(callTo(CONTRACT, { gasLimit: 5_000_000n }), broken, BLOCK);
    await expect(run()).rejects.toThrow("the disk is gone");
    expect(statusOf(engine)).toMatchObject({ refused: { ENGINE_FAULT: 1 }, liveModules: 0 });
  });

  it("hands a run that breaks to the next engine, and never compiles that code again", async () => {
    const port = aManualCompiler();
    const tiered = createTieredEngine({ port });
    const faults: EngineFault[] = [];
    const engine = createEngineChain(tiered, [interpreter], (fault) => void faults.push(fault));
    const codes = { [CONTRACT]: callsTwice(OTHER), [OTHER]: LOOP, [addressOf(0x77)]: loop(7) };
    const expected = await runOn(interpreter, codes);
    await runOn(engine, codes);
    port.finish(aPlantedModule(LOOP.length, ...BREAKS));
    // Another contract that is compiled, but not part of the run that breaks.
    await runOn(engine, codes, addressOf(0x77));
    port.finish();
    await runOn(engine, codes, addressOf(0x77));
    expect(await runOn(engine, codes)).toEqual(expected);
    expect(faults.map(({ engine: name }) => name)).toEqual(["compiler"]);
    expect(statusOf(engine)).toMatchObject({ refused: { ENGINE_FAULT: 1 }, liveModules: 1 });
    expect(await runOn(engine, codes)).toEqual(expected);
    expect(faults).toHaveLength(1);
    expect(port.waiting).toBe(0);
  });
});
