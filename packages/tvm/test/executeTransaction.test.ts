import { addressOfSecretKey, recoverPublicKey, signHash } from "@festina/crypto";
import { EMPTY_BYTES, ZERO_ADDRESS } from "@festina/primitives";
import {
  authorizationSigningHash,
  decodeTransaction,
  type RecoveredTransaction,
  recoverTransaction,
} from "@festina/types";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  computeContractAddress,
  creditBalance,
  delegationTarget,
  type Engine,
  EngineFaultError,
  type EngineOutcome,
  executeTransaction,
  type TransactionOutcome,
} from "../src/index.ts";
import { createScriptedEngine, type MemoryStateView, type ScriptedOutcome } from "../testing/index.ts";
import {
  anExecution,
  aSponsored,
  aTransaction,
  aView,
  BLOCK,
  balanceOf,
  COINBASE,
  ETHER,
  FEE_POT,
  PAYER,
  RECIPIENT,
  SENDER,
} from "./samples.ts";

const REVERT: ScriptedOutcome = { kind: "revert", gasLeft: 40_000n, output: Uint8Array.of(1, 2) };
const HALT: ScriptedOutcome = { kind: "halt", reason: "INVALID_OPCODE" };

async function execute(
  transaction: RecoveredTransaction,
  view: MemoryStateView,
  script?: Parameters<typeof createScriptedEngine>[0],
): Promise<TransactionOutcome> {
  const result = await executeTransaction(anExecution(transaction, view, createScriptedEngine(script)));
  if (!result.ok) throw new Error(result.error.code);
  expect(view.openCheckpoints).toBe(0);
  return result.value;
}

function lost(outcome: TransactionOutcome): bigint {
  return outcome.burned.baseFeeWei + outcome.burned.selfDestructWei;
}

describe("what a transaction costs", () => {
  it("burns the base fee, gives the tip to the pot and nothing to the coinbase", async () => {
    const view = aView();
    const outcome = await execute(aTransaction({ valueWei: 9n }), view);
    expect(outcome).toMatchObject({ succeeded: true, gasUsed: 21_000n, effectiveGasPriceWei: 12n, potWei: 42_000n });
    expect(outcome.burned).toEqual({ baseFeeWei: 210_000n, selfDestructWei: 0n });
    expect(balanceOf(view, SENDER)).toBe(ETHER - 9n - 21_000n * 12n);
    expect([balanceOf(view, FEE_POT), balanceOf(view, RECIPIENT)]).toEqual([42_000n, 9n]);
    expect(view.getAccount(COINBASE)).toBeNull();
    expect(view.getAccount(SENDER)?.nonce).toBe(1n);
  });

  it("lets the payer buy the gas, the sender give value and fee", async () => {
    const view = aView();
    const outcome = await execute(aSponsored(77n, { valueWei: 9n }), view);
    expect(balanceOf(view, SENDER)).toBe(ETHER - 9n - 77n);
    expect(balanceOf(view, PAYER)).toBe(ETHER - 21_000n * 12n);
    expect([outcome.potWei, balanceOf(view, FEE_POT)]).toEqual([42_077n, 42_077n]);
  });

  it("does not let the code spend gas or fee that is already bought", async () => {
    const view = aView({ sender: 100n });
    const engine = createScriptedEngine((_call, during) => {
      expect([balanceOf(during, SENDER), balanceOf(during, PAYER)]).toEqual([23n, ETHER - 100_000n * 12n]);
      return { kind: "success" };
    });
    await executeTransaction(anExecution(aSponsored(77n), view, engine));
    expect(engine.calls).toHaveLength(1);
  });

  it.each([
    ["reverts", aSponsored(1_000n, { valueWei: 5n }), REVERT, 60_000n],
    ["halts", aSponsored(1_000n, { valueWei: 5n }), HALT, 100_000n],
    ["reverts while creating", aSponsored(1_000n, { to: null }), REVERT, 60_000n],
  ])("flaw 14: the fee is debited even when the call %s", async (_name, transaction, script, gasUsed) => {
    const view = aView();
    const supply = view.totalBalanceWei;
    const outcome = await execute(transaction, view, () => script);
    expect([outcome.succeeded, outcome.gasUsed]).toEqual([false, gasUsed]);
    expect(balanceOf(view, SENDER)).toBe(ETHER - 1_000n);
    expect(balanceOf(view, FEE_POT)).toBe(1_000n + gasUsed * 2n);
    expect(view.totalBalanceWei + lost(outcome)).toBe(supply);
  });

  it("flaw 14: a fee on a zero-value call of an account that does not exist is debited, not minted", async () => {
    const view = aView();
    const outcome = await execute(aSponsored(1_000n), view);
    expect(balanceOf(view, SENDER)).toBe(ETHER - 1_000n);
    expect(view.totalBalanceWei).toBe(2n * ETHER - lost(outcome));
    expect(view.getAccount(RECIPIENT)).toBeNull();
  });

  it("flaw 15: of two transactions that one balance covers singly, the second is refused and nothing goes below zero", async () => {
    const view = aView({ sender: 100n });
    await execute(aSponsored(60n), view);
    const second = await executeTransaction(anExecution(aSponsored(60n, { nonce: 1n }), view, createScriptedEngine()));
    expect(!second.ok && second.error.code).toBe("TX_INSUFFICIENT_BALANCE");
    expect(balanceOf(view, SENDER)).toBe(40n);
  });

  it("flaw 16: a fee of a multiple of 2^64 is charged in full, and execution leaves the transaction as it was", async () => {
    const view = aView({ sender: 2n ** 65n });
    const transaction = aSponsored(2n ** 64n);
    const before = structuredClone(transaction);
    await execute(transaction, view);
    expect(balanceOf(view, SENDER)).toBe(2n ** 65n - 2n ** 64n);
    expect(transaction).toEqual(before);
  });

  it("flaw 17: gas is bought from sender or payer only; a deposit held by a contract is out of reach", async () => {
    const view = aView();
    view.plant(RECIPIENT, { balanceWei: 500n, code: Uint8Array.of(0) });
    await execute(aSponsored(3n), view, () => HALT);
    expect(balanceOf(view, RECIPIENT)).toBe(500n);
  });

  it("flaw 18: no byte of a sponsored transaction can be changed without its signers", () => {
    const { encoded, sender } = aSponsored(5n);
    for (let i = 0; i < encoded.length; i++) {
      const changed = encoded.slice();
      changed[i] = (changed[i] as number) ^ 1;
      const decoded = decodeTransaction(changed);
      const recovered = decoded.ok ? recoverTransaction(decoded.value, recoverPublicKey) : decoded;
      expect(recovered.ok && recovered.value.sender === sender).toBe(false);
    }
  });

  it("flaw 19: the payer never pays more per gas than it agreed to", async () => {
    const view = aView();
    const outcome = await execute(aSponsored(0n, { maxPriorityFeePerGasWei: 15n }), view);
    expect(outcome.effectiveGasPriceWei).toBe(15n);
    expect(balanceOf(view, PAYER)).toBe(ETHER - 21_000n * 15n);
  });

  it("flaw 20b: every wei is somewhere or counted as burned, whatever happens", async () => {
    const outcomes = fc.oneof(
      fc.record({
        kind: fc.constant("success" as const),
        gasLeft: fc.bigInt(0n, 40_000n),
        gasRefund: fc.bigInt(0n, 60_000n),
      }),
      fc.record({
        kind: fc.constant("revert" as const),
        gasLeft: fc.bigInt(0n, 40_000n),
        output: fc.constant(EMPTY_BYTES),
      }),
      fc.constant(HALT),
    );
    const amounts = { fee: fc.bigInt(0n, 2n ** 70n), value: fc.bigInt(0n, 2n ** 70n), sponsored: fc.boolean() };
    await fc.assert(
      fc.asyncProperty(outcomes, fc.record(amounts), fc.bigInt(10n, 10n ** 12n), async (script, amount, price) => {
        const view = aView({ sender: 2n ** 80n, payer: 2n ** 80n });
        const supply = view.totalBalanceWei;
        const fields = { valueWei: amount.value, maxFeePerGasWei: price, maxPriorityFeePerGasWei: price };
        const transaction = amount.sponsored ? aSponsored(amount.fee, fields) : aTransaction(fields);
        const outcome = await execute(transaction, view, () => script);
        expect(view.totalBalanceWei + lost(outcome)).toBe(supply);
      }),
      { numRuns: 60 },
    );
  });

  it("charges the data floor when the code used less", async () => {
    const data = new Uint8Array(500).fill(1);
    const outcome = await execute(aTransaction({ data }), aView(), () => ({ kind: "success", gasRefund: 10n ** 6n }));
    expect(outcome.gasUsed).toBe(21_000n + 500n * 40n);
  });
});

describe("what a transaction leaves behind", () => {
  it("removes destroyed accounts and reports what went with them", async () => {
    const view = aView();
    const outcome = await execute(aTransaction({ valueWei: 100n }), view, () => ({
      kind: "success",
      selfDestructed: [RECIPIENT],
      burnedWei: 7n,
    }));
    expect(outcome.burned.selfDestructWei).toBe(107n);
    expect(view.getAccount(RECIPIENT)).toBeNull();
  });

  it("removes touched accounts that ended empty, and no others", async () => {
    const view = aView();
    view.plant(RECIPIENT, {});
    view.plant(COINBASE, {});
    await execute(aTransaction(), view, () => ({ kind: "success", touched: [RECIPIENT] }));
    expect(view.getAccount(RECIPIENT)).toBeNull();
    expect(view.getAccount(COINBASE)).not.toBeNull();
  });

  it("names the contract's address even when creating it failed", async () => {
    const outcome = await execute(aTransaction({ to: null }), aView(), () => REVERT);
    expect(outcome.createdAddress).toBe(computeContractAddress(SENDER, 0n));
    expect(outcome.failure).toEqual({ kind: "revert", output: Uint8Array.of(1, 2) });
  });

  it("changes nothing when the transaction is not valid", async () => {
    const view = aView();
    const before = view.snapshot();
    const result = await executeTransaction(anExecution(aTransaction({ nonce: 4n }), view, createScriptedEngine()));
    expect(result.ok).toBe(false);
    expect(view.snapshot()).toEqual(before);
  });

  it("changes nothing and throws when the engine breaks", async () => {
    const view = aView();
    const before = view.snapshot();
    const broken = createScriptedEngine((call, during) => {
      creditBalance(during, call.caller, 1n);
      throw new RangeError("stack of the machine overflowed");
    });
    const run = executeTransaction(anExecution(aSponsored(5n, { valueWei: 1n }), view, broken));
    await expect(run).rejects.toThrow(EngineFaultError);
    expect(view.snapshot()).toEqual(before);
    expect(view.openCheckpoints).toBe(0);
    const lying = createScriptedEngine((call) => ({ kind: "success", gasLeft: call.gasLimit + 1n }));
    await expect(executeTransaction(anExecution(aTransaction(), view, lying))).rejects.toThrow(EngineFaultError);
    expect(view.snapshot()).toEqual(before);
  });
});

describe("an engine that answers at once", () => {
  /** The scripted engine's answers, without waiting for a turn. */
  const atOnce = (outcome: EngineOutcome | Error): Engine => ({
    name: "at once",
    run: (call, during) => {
      creditBalance(during, call.caller, 1n);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  });
  const late = (engine: Engine): Engine => ({ ...engine, run: async (...input) => engine.run(...input) });
  const success: EngineOutcome = {
    kind: "success",
    gasLeft: 30_000n,
    gasRefund: 0n,
    output: EMPTY_BYTES,
    logs: [],
    createdAddress: null,
    selfDestructed: [],
    burnedWei: 0n,
    touched: [],
  };

  it("is not waited for, and has the results of one that is", async () => {
    for (const outcome of [success, REVERT, HALT] as EngineOutcome[]) {
      const [view, other] = [aView(), aView()];
      const result = executeTransaction(anExecution(aSponsored(5n), view, atOnce(outcome)));
      expect(result).not.toHaveProperty("then");
      const waitedFor = executeTransaction(anExecution(aSponsored(5n), other, late(atOnce(outcome))));
      expect(waitedFor).toHaveProperty("then");
      expect(await waitedFor).toEqual(result);
      expect(other.snapshot()).toEqual(view.snapshot());
      expect([view.openCheckpoints, other.openCheckpoints]).toEqual([0, 0]);
    }
  });

  it("leaves the state as it was when it breaks, or answers with gas that it was not given", () => {
    const view = aView();
    const before = view.snapshot();
    for (const outcome of [new RangeError("no room"), { ...success, gasLeft: 2n ** 40n }])
      expect(() => executeTransaction(anExecution(aTransaction(), view, atOnce(outcome)))).toThrow(EngineFaultError);
    expect(view.snapshot()).toEqual(before);
    expect(view.openCheckpoints).toBe(0);
  });
});

describe("authorizations", () => {
  const key = new Uint8Array(32).fill(9);
  const authority = addressOfSecretKey(key);
  const authorize = (fields: { chainId?: bigint; nonce?: bigint; address?: typeof RECIPIENT }) => {
    const unsigned = { chainId: 1337n, nonce: 0n, address: RECIPIENT, ...fields };
    return { ...unsigned, ...signHash(authorizationSigningHash(unsigned), key) };
  };
  const delegating = (...authorizations: ReturnType<typeof authorize>[]) =>
    aTransaction({ type: 4, authorizations, gasLimit: 200_000n });

  it("set and clear a delegation, raise the nonce and warm the authority", async () => {
    const view = aView();
    const engine = createScriptedEngine();
    const first = await executeTransaction(anExecution(delegating(authorize({})), view, engine));
    expect(first.ok && first.value.gasUsed).toBe(46_000n);
    expect(delegationTarget(view.getCode(authority))).toBe(RECIPIENT);
    expect(view.getAccount(authority)?.nonce).toBe(1n);
    expect(engine.calls[0]?.warmAddresses).toContain(authority);

    const clear = aTransaction({
      type: 4,
      nonce: 1n,
      authorizations: [authorize({ nonce: 1n, address: ZERO_ADDRESS })],
    });
    const second = await executeTransaction(anExecution(clear, view, engine));
    // The authority existed: 12,500 come back, capped at a fifth of 46,000.
    expect(second.ok && second.value.gasUsed).toBe(46_000n - 9_200n);
    expect(view.getCode(authority)).toHaveLength(0);
  });

  it.each([
    ["another chain", authorize({ chainId: 1n })],
    ["another nonce", authorize({ nonce: 3n })],
    ["a broken signature", { ...authorize({}), r: 0n }],
  ])("for %s are skipped", async (_name, authorization) => {
    const view = aView();
    expect((await execute(delegating(authorization), view)).succeeded).toBe(true);
    expect(view.getAccount(authority)).toBeNull();
  });

  it("do not replace a contract's code", async () => {
    const view = aView();
    view.plant(authority, { code: Uint8Array.of(0x00), balanceWei: 1n });
    await execute(delegating(authorize({})), view);
    expect(view.getCode(authority)).toEqual(Uint8Array.of(0x00));
  });

  it("stay when the call itself reverts", async () => {
    const view = aView();
    await execute(delegating(authorize({})), view, () => ({ kind: "revert", gasLeft: 0n, output: EMPTY_BYTES }));
    expect(delegationTarget(view.getCode(authority))).toBe(RECIPIENT);
  });
});

describe("the call that the engine gets", () => {
  it("has intrinsic gas taken off and sender, recipient and coinbase warm", async () => {
    const engine = createScriptedEngine();
    await executeTransaction(anExecution(aTransaction(), aView(), engine));
    const call = engine.calls[0];
    expect(call).toMatchObject({ caller: SENDER, origin: SENDER, to: RECIPIENT, gasLimit: 79_000n, gasPriceWei: 12n });
    expect(call?.warmAddresses).toEqual([SENDER, RECIPIENT, BLOCK.coinbase]);
  });
});
