import { createInterpreterEngine, loadTracingEngine } from "@festina/adapters";
import {
  type Address,
  bigintToBytes,
  bytesToBigint,
  hexToBytes,
  toHash32,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "@festina/primitives";
import { type AccountOverride, type CallRequest, NO_OVERRIDES } from "@festina/rpc";
import { simulateCall } from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { describe, expect, it } from "@jest/globals";
import { findAccessList } from "../../src/backend/accessList.ts";
import { applyAccounts } from "../../src/backend/applyOverrides.ts";

const addressOf = (byte: string): Address => `0x${byte.repeat(20)}` as Address;
const [FROM, CONTRACT, OTHER] = [addressOf("ca"), addressOf("c0"), addressOf("d0")];
const slotKey = (slot: bigint) => toHash32(bigintToBytes(slot, 32));
const BLOCK = {
  ...{ number: 1, timestamp: 1, gasLimit: 30_000_000n, baseFeePerGasWei: 0n, coinbase: ZERO_ADDRESS, chainId: 1n },
  ...{ prevRandao: ZERO_HASH, getBlockHash: () => ZERO_HASH },
};
const REQUEST: CallRequest = {
  ...{ from: FROM, to: CONTRACT, data: new Uint8Array(), valueWei: 0n, gas: null, gasPriceWei: 0n, accessList: [] },
  overrides: NO_OVERRIDES,
};
const clock = { nowMs: () => 0, setTimer: () => ({ cancel: () => undefined }) };
const options = { loadTracing: () => loadTracingEngine(), clock, recoverPublicKey: () => null };

function world(code: string) {
  const view = new MemoryStateView();
  view.plant(FROM, { balanceWei: 10n ** 18n });
  view.plant(CONTRACT, { nonce: 1n, balanceWei: 7n, code: hexToBytes(`0x${code}`), storage: new Map([[1n, 5n]]) });
  view.plant(OTHER, { nonce: 1n, code: hexToBytes("0x60095450") });
  return { view, block: BLOCK };
}

describe("the access list of a call", () => {
  it("has what the code touches, but not what is warm anyway, and settles down", async () => {
    // SLOAD 1; BALANCE of OTHER; CALL OTHER, which reads its slot 9; BALANCE of itself and of the sender
    const code = `60015450${`73${OTHER.slice(2)}`}31505f5f5f5f5f73${OTHER.slice(2)}61ffff${"f1"}5030315033315000`;
    const outcome = await findAccessList(options, REQUEST, world(code));
    expect(outcome).toMatchObject({ kind: "found", failure: null });
    if (outcome?.kind !== "found") throw new Error("refused");
    expect(outcome.accessList).toEqual([
      { address: CONTRACT, storageKeys: [slotKey(1n)] },
      { address: OTHER, storageKeys: [slotKey(9n)] },
    ]);
    const call = { ...REQUEST, gasLimit: 1_000_000n, authorizations: [], accessList: outcome.accessList };
    const engine = createInterpreterEngine();
    const run = await simulateCall({ ...world(code), call, engine, recoverPublicKey: () => null });
    expect(run.ok && run.value.gasUsed).toBe(outcome.gasUsed);
  });

  it("tells that the code fails, and refuses what takes too long or what nobody can trace", async () => {
    expect(await findAccessList(options, REQUEST, world("60015450" + "5f5ffd"))).toMatchObject({
      ...{ failure: "execution reverted", accessList: [{ address: CONTRACT }] },
    });
    expect(await findAccessList(options, { ...REQUEST, gas: 30_000n }, world("5b5f56"))).toMatchObject({
      ...{ failure: "out of gas", accessList: [] },
    });
    let nowMs = 0;
    const ticking = { ...clock, nowMs: () => (nowMs += 700) };
    expect(await findAccessList({ ...options, clock: ticking }, REQUEST, world("5b5f56"))).toMatchObject({
      ...{ kind: "refused", error: { code: "TRACE_LIMIT" } },
    });
    expect(await findAccessList({ ...options, loadTracing: null }, REQUEST, world("00"))).toMatchObject({
      error: { code: "TRACE_UNAVAILABLE" },
    });
  });
});

describe("overrides of accounts", () => {
  const overridden = (override: AccountOverride) => {
    const { view } = world("00");
    applyAccounts(view, new Map([[CONTRACT, override]]));
    return { view, account: view.getAccount(CONTRACT), slot: (slot: bigint) => view.getStorage(CONTRACT, slot) };
  };

  it("change what they name and leave the rest", () => {
    const { account, slot, view } = overridden({ balanceWei: 1n });
    expect(account).toMatchObject({ balanceWei: 1n, nonce: 1n });
    expect([slot(1n), view.getCode(CONTRACT)]).toEqual([5n, Uint8Array.of(0)]);
    expect(overridden({ nonce: 9n }).account).toMatchObject({ balanceWei: 7n, nonce: 9n });
    expect(overridden({ code: Uint8Array.of(1) }).view.getCode(CONTRACT)).toEqual(Uint8Array.of(1));
  });

  it("replace all slots, or some", () => {
    const slots = new Map([[2n, 6n]]);
    const some = overridden({ storage: { isWhole: false, slots } });
    expect([some.slot(1n), some.slot(2n)]).toEqual([5n, 6n]);
    const whole = overridden({ storage: { isWhole: true, slots } });
    expect([whole.slot(1n), whole.slot(2n)]).toEqual([0n, 6n]);
    expect(whole.account).toMatchObject({ balanceWei: 7n, nonce: 1n });
    expect(whole.view.getCode(CONTRACT)).toEqual(Uint8Array.of(0));
  });

  it("make accounts that are not there", async () => {
    const { view, block } = world("00");
    // SLOAD 3; MSTORE; RETURN
    const override = {
      code: hexToBytes("0x6003545f5260205ff3"),
      storage: { isWhole: true, slots: new Map([[3n, 8n]]) },
    };
    const stranger = addressOf("ee");
    applyAccounts(view, new Map([[stranger, override]]));
    const call = { ...REQUEST, to: stranger, gasLimit: 1_000_000n, authorizations: [] };
    const run = await simulateCall({
      view,
      block,
      call,
      engine: createInterpreterEngine(),
      recoverPublicKey: () => null,
    });
    expect(run.ok && bytesToBigint(run.value.output)).toBe(8n);
  });
});
