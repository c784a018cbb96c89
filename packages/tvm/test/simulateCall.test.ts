import { recoverPublicKey } from "@festina/crypto";
import { EMPTY_BYTES } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  creditBalance,
  EMPTY_CODE_HASH,
  type Engine,
  EngineFaultError,
  estimateGas,
  type SimulatedCall,
  SYSTEM_CALLER,
  simulateCall,
  systemCall,
} from "../src/index.ts";
import { createScriptedEngine, type MemoryStateView } from "../testing/index.ts";
import { aView, BLOCK, balanceOf, ETHER, RECIPIENT, SENDER } from "./samples.ts";

const CALL: SimulatedCall = {
  from: SENDER,
  to: RECIPIENT,
  data: EMPTY_BYTES,
  valueWei: 0n,
  gasLimit: 1_000_000n,
  gasPriceWei: 0n,
  accessList: [],
  authorizations: [],
};

const simulation = (engine: Engine, call: Partial<SimulatedCall> = {}, view: MemoryStateView = aView()) => ({
  call: { ...CALL, ...call },
  view,
  block: BLOCK,
  engine,
  recoverPublicKey,
});

/** Succeeds from `needed` gas on and then uses `used` of it. */
const hungry = (needed: bigint, used: bigint, gasRefund = 0n): Engine =>
  createScriptedEngine(({ gasLimit }) =>
    gasLimit < needed
      ? { kind: "halt", reason: "OUT_OF_GAS" }
      : { kind: "success", gasLeft: gasLimit - used, gasRefund },
  );

describe("simulateCall", () => {
  it("answers and leaves the state as it was", async () => {
    const view = aView();
    const before = view.snapshot();
    const engine = createScriptedEngine(() => ({ kind: "success", output: Uint8Array.of(5) }));
    const result = await simulateCall(simulation(engine, { valueWei: 3n, gasPriceWei: 10n }, view));
    expect(result.ok && [result.value.succeeded, result.value.output]).toEqual([true, Uint8Array.of(5)]);
    expect(view.snapshot()).toEqual(before);
    expect(view.openCheckpoints).toBe(0);
  });

  it("gives revert data, and the state back after a fault", async () => {
    const view = aView();
    const revert = createScriptedEngine(() => ({ kind: "revert", gasLeft: 1n, output: Uint8Array.of(8) }));
    const reverted = await simulateCall(simulation(revert, {}, view));
    expect(reverted.ok && reverted.value.failure).toEqual({ kind: "revert", output: Uint8Array.of(8) });
    const broken = createScriptedEngine(() => {
      throw new RangeError("broken");
    });
    await expect(simulateCall(simulation(broken, {}, view))).rejects.toThrow(EngineFaultError);
    expect(view.openCheckpoints).toBe(0);
  });

  it("asks for the value, and for gas only at a price", async () => {
    const engine = createScriptedEngine();
    const poor = aView({ sender: 5n });
    expect((await simulateCall(simulation(engine, { valueWei: 5n }, poor))).ok).toBe(true);
    const value = await simulateCall(simulation(engine, { valueWei: 6n }, poor));
    expect(!value.ok && value.error.code).toBe("TX_INSUFFICIENT_BALANCE");
    const gas = await simulateCall(simulation(engine, { gasPriceWei: 1n }, poor));
    expect(!gas.ok && gas.error.code).toBe("TX_INSUFFICIENT_BALANCE");
    const little = await simulateCall(simulation(engine, { gasLimit: 20_000n }));
    expect(!little.ok && little.error.code).toBe("TX_INTRINSIC_GAS");
  });
});

describe("estimateGas", () => {
  const estimate = async (engine: Engine, call: Partial<SimulatedCall> = {}, view = aView()) => {
    const result = await estimateGas(simulation(engine, call, view));
    return result.ok
      ? result.value.kind === "enough"
        ? result.value.gasLimit
        : result.value.failure
      : result.error.code;
  };

  it("is exact for a plain transfer", async () => {
    expect(await estimate(createScriptedEngine(), { valueWei: 1n })).toBe(21_000n);
  });

  it.each([
    [50_000n, 50_000n, 0n],
    [400_000n, 100_000n, 0n],
    [60_000n, 60_000n, 48_000n],
  ])("finds what is enough when %s is needed and %s used, at most 1.5 % above", async (needed, used, refund) => {
    const found = await estimate(hungry(needed, used, refund));
    const least = 21_000n + needed;
    expect(found).toBeGreaterThanOrEqual(least as never);
    expect(found).toBeLessThanOrEqual(((least * 1_016n) / 1_000n) as never);
  });

  it("says how the code fails when no gas is enough", async () => {
    const revert = createScriptedEngine(() => ({ kind: "revert", gasLeft: 1n, output: Uint8Array.of(8) }));
    expect(await estimate(revert)).toEqual({ kind: "revert", output: Uint8Array.of(8) });
    expect(await estimate(hungry(10n ** 9n, 1n))).toEqual({ kind: "halt", reason: "OUT_OF_GAS" });
  });

  it("asks for no more than the sender can pay for", async () => {
    expect(await estimate(hungry(50_000n, 50_000n), { gasPriceWei: 10n }, aView({ sender: 300_000n }))).toEqual({
      kind: "halt",
      reason: "OUT_OF_GAS",
    });
    for (const valueWei of [0n, 8n, 9n])
      expect(await estimate(hungry(1n, 1n), { valueWei, gasPriceWei: 1n }, aView({ sender: 8n }))).toBe(
        "TX_INSUFFICIENT_BALANCE",
      );
  });
});

describe("systemCall", () => {
  const call = (engine: Engine, view: MemoryStateView) =>
    systemCall({ to: RECIPIENT, data: Uint8Array.of(1), view, block: BLOCK, engine });
  const withContract = () => {
    const view = aView();
    view.plant(RECIPIENT, { code: Uint8Array.of(0), nonce: 1n });
    return view;
  };

  it("keeps what the contract did, costs nobody anything and leaves no caller behind", async () => {
    const view = withContract();
    const engine = createScriptedEngine((_call, during) => {
      during.putAccount(SYSTEM_CALLER, { ...during.getAccount(RECIPIENT)!, nonce: 0n, codeHash: EMPTY_CODE_HASH });
      during.putStorage(RECIPIENT, 1n, 2n);
      return { kind: "success", output: Uint8Array.of(3) };
    });
    expect(await call(engine, view)).toMatchObject({ kind: "success", output: Uint8Array.of(3), burnedWei: 0n });
    expect(engine.calls[0]).toMatchObject({ caller: SYSTEM_CALLER, gasLimit: 30_000_000n, gasPriceWei: 0n });
    expect(view.getStorage(RECIPIENT, 1n)).toBe(2n);
    expect(view.getAccount(SYSTEM_CALLER)).toBeNull();
    expect(view.totalBalanceWei).toBe(2n * ETHER);
  });

  it("does nothing where there is no code", async () => {
    const engine = createScriptedEngine();
    expect(await call(engine, aView())).toMatchObject({ kind: "success", output: EMPTY_BYTES });
    expect(engine.calls).toHaveLength(0);
  });

  it("undoes a failed call and a broken engine", async () => {
    const view = withContract();
    const before = view.snapshot();
    expect(
      await call(
        createScriptedEngine(() => ({ kind: "halt", reason: "OUT_OF_GAS" })),
        view,
      ),
    ).toEqual({
      kind: "halt",
      reason: "OUT_OF_GAS",
    });
    const broken = createScriptedEngine((_call, during) => {
      creditBalance(during, SENDER, 1n);
      throw new RangeError("broken");
    });
    await expect(call(broken, view)).rejects.toThrow(EngineFaultError);
    expect(view.snapshot()).toEqual(before);
    expect([view.openCheckpoints, balanceOf(view, SENDER)]).toEqual([0, ETHER]);
  });
});
