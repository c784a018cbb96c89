import { createInterpreterEngine, loadTracingEngine } from "@festina/adapters";
import { type Address, type Clock, hexToBytes, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import type { TraceOptions } from "@festina/rpc";
import { type Engine, EngineFaultError, simulateCall } from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { describe, expect, it } from "@jest/globals";
import { createWatch, TraceLimitError } from "../../src/backend/watch.ts";

const CONTRACT = `0x${"c0".repeat(20)}` as Address;
const STRUCT: TraceOptions = {
  ...{ tracer: "struct", withMemory: true, withStack: true, withStorage: true, withReturnData: true, limit: 0 },
};
/** PUSH2 0xffff MLOAD JUMPDEST PUSH1 4 JUMP: 64 KiB of memory, for ever. */
const LARGE_LOOP = "0x61ffff515b600456";
const LOOP = "0x5b600056";

const tracing = await loadTracingEngine();

function run(engine: Engine, code: `0x${string}`) {
  const view = new MemoryStateView();
  view.plant(CONTRACT, { code: hexToBytes(code) });
  return simulateCall({
    call: {
      ...{ from: ZERO_ADDRESS, to: CONTRACT, data: new Uint8Array(), valueWei: 0n, gasLimit: 2_000_000n },
      ...{ gasPriceWei: 0n, accessList: [], authorizations: [] },
    },
    view,
    block: {
      ...{ number: 1, timestamp: 1, gasLimit: 30_000_000n, baseFeePerGasWei: 0n, coinbase: ZERO_ADDRESS, chainId: 1n },
      ...{ prevRandao: ZERO_HASH, getBlockHash: () => ZERO_HASH },
    },
    engine,
    recoverPublicKey: () => null,
  });
}

/** A millisecond passes with every look. */
function tickingClock(): Clock {
  let nowMs = 0;
  return { nowMs: () => nowMs++, setTimer: () => ({ cancel: () => undefined }) };
}

const causeOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EngineFaultError);
  return (error as EngineFaultError).cause;
};

describe("a watched run", () => {
  const watched = (options: TraceOptions, endMs: number, code: `0x${string}`) => {
    const watch = createWatch(options, [], tickingClock(), endMs);
    return { watch, answer: run(tracing.on(watch.tracer), code) };
  };

  it.each<TraceOptions>([
    { ...STRUCT, limit: 1 } as TraceOptions,
    { tracer: "call", onlyTopCall: false, withLogs: true },
    { tracer: "prestate", diffMode: false, withCode: true, withStorage: true },
  ])("of %j is stopped when its time is over, and the engine goes on with others", async (options) => {
    const cause = await causeOf(watched(options, 20, LOOP).answer);
    expect(cause).toBeInstanceOf(TraceLimitError);
    expect(cause).toMatchObject({ message: "execution timeout" });
    const { answer } = watched(options, 1_000_000, "0x00");
    expect(await answer).toEqual(await run(createInterpreterEngine(), "0x00"));
  });

  it("is stopped when it says too much", async () => {
    const cause = await causeOf(watched(STRUCT, 1_000_000, LARGE_LOOP).answer);
    expect(cause).toBeInstanceOf(TraceLimitError);
    expect(cause).toMatchObject({ message: expect.stringContaining("too large") });
  });

  it("has the result of every other engine, and its trace", async () => {
    const { watch, answer } = watched({ ...STRUCT, withMemory: false } as TraceOptions, 1_000_000, "0x60016002015000");
    const result = await answer;
    expect(result).toEqual(await run(createInterpreterEngine(), "0x60016002015000"));
    if (!result.ok) return;
    const trace = watch.result(result.value, 2_000_000n);
    expect(trace).toMatchObject({ ok: true, value: { gas: 21_011, failed: false, returnValue: "0x" } });
    const structLogs = trace.ok ? (trace.value["structLogs"] as readonly { readonly op: string }[]) : [];
    expect(structLogs.map(({ op }) => op)).toEqual(["PUSH1", "PUSH1", "ADD", "POP", "STOP"]);
  });
});
