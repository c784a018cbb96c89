// Two engines on every run, and what is kept of a run that they disagree about.
import { InvariantError } from "@festina/primitives";
import {
  createCheckedEngine,
  type Engine,
  type EngineCase,
  EngineDifferenceError,
  type EngineOutcome,
  formatEngineCase,
  parseEngineCase,
  type StateView,
} from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { describe, expect, it } from "@jest/globals";
import {
  createCompilerEngine,
  createInterpreterEngine,
  createReferenceEngine,
  createTieredEngine,
} from "../../src/index.ts";
import { aManualCompiler, aPlantedModule, STOPS_AT_ONCE } from "../compiler/aManualCompiler.ts";
import { addressOf, BLOCK, CONTRACT, callTo, OTHER, worldWith } from "../interpreter/anEngineRun.ts";

const code = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
/** Stores 42 in slot 1, which holds 7, logs it, and returns the hash of block 299. */
const WRITER = code("602a60015560205fa061012b405f5260205ff3");
/** Runs up 1.5 million gas, then stores what it has added up. */
/** Logs of two topics each, some of which are those of the log before: PUSH1 second PUSH1 first PUSH0 PUSH0 LOG2. */
const EVENTS = code(
  ["0101", "0101", "0201", "0202", "0102", "0303"]
    .map((topics) => `60${topics.slice(0, 2)}60${topics.slice(2)}5f5fa2`)
    .join(""),
);
const LOOP = code("5f619c405b80910190600190038060045750805f555f5260205fa060205ff3");
const reference = createReferenceEngine({ chainId: BLOCK.chainId });
const interpreter = createInterpreterEngine();

function aCheck(engine: Engine, judge: Engine = reference) {
  const saved: EngineCase[] = [];
  return { saved, checked: createCheckedEngine(engine, judge, (each) => void saved.push(each)) };
}

/** The interpreter, but for what the test plants. */
function wrong(change: (outcome: EngineOutcome, view: StateView) => EngineOutcome): Engine {
  return {
    name: "wrong",
    run: async (call, view, block) => change(await interpreter.run(call, view, block), view),
  };
}

describe("an engine checked by another", () => {
  it("answers as both do, and leaves what both do", async () => {
    const created = callTo(null, { data: code("60015f5360015ff3"), valueWei: 5n });
    const reverted = callTo(CONTRACT, { data: Uint8Array.of(1) });
    const codes = { [CONTRACT]: code("36600b57602a600155005b60205ffd"), [OTHER]: WRITER };
    for (const call of [
      created,
      reverted,
      callTo(CONTRACT),
      callTo(OTHER),
      callTo(addressOf(0x55), { valueWei: 3n }),
    ]) {
      const { saved, checked } = aCheck(createCompilerEngine());
      const [view, expected] = [worldWith(codes), worldWith(codes)];
      expect(await checked.run(call, view, BLOCK)).toEqual(await reference.run(call, expected, BLOCK));
      expect(view.snapshot()).toEqual(expected.snapshot());
      expect([view.openCheckpoints, saved]).toEqual([0, []]);
    }
  });

  it("reads logs that repeat each other as they are", async () => {
    const topicsOf = async (engine: Engine) => {
      const codes = {
        [OTHER]: EVENTS,
        [CONTRACT]: code(`5f5f5f5f5f73${OTHER.slice(2)}5af1${Buffer.from(EVENTS).toString("hex")}`),
      };
      const outcome = await engine.run(callTo(CONTRACT), worldWith(codes), BLOCK);
      if (outcome.kind !== "success") throw new Error(outcome.kind);
      return outcome.logs.map(({ address, topics }) => [address, ...topics.map(Number)]);
    };
    const topics = await topicsOf(interpreter);
    expect(topics).toEqual(await topicsOf(reference));
    expect(topics.slice(5, 8)).toEqual([
      [OTHER, 3, 3],
      [CONTRACT, 1, 1],
      [CONTRACT, 1, 1],
    ]);
  });

  const DIFFERENCES: readonly (readonly [string, Engine])[] = [
    [
      "gasLeft",
      wrong((outcome) => (outcome.kind === "success" ? { ...outcome, gasLeft: outcome.gasLeft - 1n } : outcome)),
    ],
    ["gasRefund", wrong((outcome) => (outcome.kind === "success" ? { ...outcome, gasRefund: 1n } : outcome))],
    ["output", wrong((outcome) => (outcome.kind === "success" ? { ...outcome, output: new Uint8Array(32) } : outcome))],
    ["logs", wrong((outcome) => (outcome.kind === "success" ? { ...outcome, logs: [] } : outcome))],
    ["kind", wrong(() => ({ kind: "halt", reason: "OUT_OF_GAS" }))],
    [
      `${CONTRACT} slot 1`,
      wrong((outcome, view) => {
        view.putStorage(CONTRACT, 1n, 43n);
        return outcome;
      }),
    ],
    [
      `${OTHER} slot 9`,
      wrong((outcome, view) => {
        view.putStorage(OTHER, 9n, 1n);
        return outcome;
      }),
    ],
    [
      OTHER,
      wrong((outcome, view) => {
        view.putCode(OTHER, Uint8Array.of(1));
        return outcome;
      }),
    ],
  ];

  it.each(DIFFERENCES)("is stopped by a difference in %s, and changes nothing", async (place, engine) => {
    const { saved, checked } = aCheck(engine);
    const view = worldWith({ [CONTRACT]: WRITER });
    const before = view.snapshot();
    const run = checked.run(callTo(CONTRACT), view, BLOCK);
    await expect(run).rejects.toThrow(EngineDifferenceError);
    await expect(run).rejects.toThrow(InvariantError);
    expect([view.openCheckpoints, view.snapshot()]).toEqual([0, before]);
    expect(saved.map(({ reason }) => reason.includes(place))).toEqual([true]);
  });

  it("finds a compiled code that does something else", async () => {
    const port = aManualCompiler();
    const { saved, checked } = aCheck(createTieredEngine({ port }), interpreter);
    const call = callTo(CONTRACT, { gasLimit: 5_000_000n });
    await checked.run(call, worldWith({ [CONTRACT]: LOOP }), BLOCK);
    port.finish(aPlantedModule(LOOP.length, ...STOPS_AT_ONCE));
    await expect(checked.run(call, worldWith({ [CONTRACT]: LOOP }), BLOCK)).rejects.toThrow(EngineDifferenceError);
    expect(saved).toHaveLength(1);
    expect(saved[0]?.reason).toContain(`${CONTRACT} slot 0`);
  });

  it("passes on what breaks, with the view as it was", async () => {
    const broken: Engine = {
      name: "broken",
      run: async (_, view) => {
        view.putStorage(CONTRACT, 1n, 99n);
        throw new TypeError("no");
      },
    };
    for (const [engine, judge] of [
      [broken, reference],
      [reference, broken],
    ] as const) {
      const view = worldWith({ [CONTRACT]: WRITER });
      const before = view.snapshot();
      await expect(aCheck(engine, judge).checked.run(callTo(CONTRACT), view, BLOCK)).rejects.toThrow("no");
      expect([view.openCheckpoints, view.snapshot()]).toEqual([0, before]);
    }
  });

  it("keeps cases that run again on any engine", async () => {
    const { saved, checked } = aCheck(wrong(() => ({ kind: "halt", reason: "OUT_OF_GAS" })));
    const world = worldWith({ [CONTRACT]: WRITER });
    await expect(checked.run(callTo(CONTRACT, { valueWei: 3n }), world, BLOCK)).rejects.toThrow(EngineDifferenceError);
    const expected = await reference.run(callTo(CONTRACT, { valueWei: 3n }), world, BLOCK);
    const read = parseEngineCase(formatEngineCase(saved[0] as EngineCase));
    if (!read.ok) throw new Error(read.error.message);
    const { call, block, accounts } = read.value;
    for (const engine of [reference, interpreter, createCompilerEngine()]) {
      const view = new MemoryStateView();
      for (const [address, { account, code: planted, storage }] of accounts)
        if (account !== null) view.plant(address, { ...account, code: planted, storage });
      const { touched: _, ...outcome } = (await engine.run(call, view, block)) as EngineOutcome & { touched: unknown };
      expect(outcome).toEqual({ ...expected, touched: undefined });
      expect(view.getStorage(CONTRACT, 1n)).toBe(42n);
    }
  });

  it.each([
    "",
    "{}",
    "[]",
    "null",
    '{"format":"festina-engine-case","version":1}',
    '{"format":"festina-engine-case","version":2}',
  ])("refuses %p as a case", (text) => {
    expect(parseEngineCase(text)).toMatchObject({ ok: false, error: { code: "ENGINE_CASE_INVALID" } });
  });
});
