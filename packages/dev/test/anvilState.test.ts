import { gzipSync } from "node:zlib";
import { RPC_CODE } from "@festina/rpc";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { isAnvilState, readAnvilState } from "../src/anvilState.ts";
import { alice, READER_CODE, type RunningDev, START_SECONDS, startDev } from "./devFixture.ts";

const CONTRACT = `0x${"c0".repeat(20)}`;
const account = { nonce: 3, balance: "0x64", code: READER_CODE, storage: { "0x0": `0x${"2a".padStart(64, "0")}` } };
/** The form of anvil 1.7: `anvil --dump-state`. */
const STATE = {
  block: { number: "0x4", beneficiary: `0x${"00".repeat(20)}`, timestamp: `0x${(START_SECONDS + 9_000).toString(16)}` },
  accounts: { [CONTRACT]: account, [alice]: { nonce: "0x5", balance: "0x1", code: "0x", storage: {} } },
  best_block_number: "0x4",
  blocks: [{}, {}],
  transactions: [{}],
  historical_states: null,
};
const textOf = (changes: object = {}): string => JSON.stringify({ ...STATE, ...changes });
const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;

describe("a state that anvil saved", () => {
  let dev: RunningDev;
  const call: RunningDev["call"] = (method, ...params) => dev.call(method, ...params);

  beforeEach(async () => {
    dev = await startDev();
  });
  afterEach(() => dev.stop());

  it.each([
    ["compressed", hexOf(gzipSync(textOf()))],
    ["plain", hexOf(Buffer.from(textOf()))],
  ])("has its accounts here when it is loaded (%s)", async (_, state) => {
    expect(await call("anvil_loadState", state)).toBe(true);
    expect(await call("eth_getBalance", CONTRACT, "latest")).toBe("0x64");
    expect(await call("eth_getTransactionCount", CONTRACT, "latest")).toBe("0x3");
    expect(await call("eth_call", { to: CONTRACT }, "latest")).toBe(`0x${"2a".padStart(64, "0")}`);
    expect(await call("eth_getTransactionCount", alice, "latest")).toBe("0x5");
    const { timestamp } = await call<{ timestamp: string }>("eth_getBlockByNumber", "latest", false);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(START_SECONDS + 9_000);
  });

  it("leaves the hashes of this chain's blocks where they are", async () => {
    const history = "0x0000f90827f1c53a10cb7a02335b175320002935";
    await call("evm_mine");
    const hash = await call("eth_getStorageAt", history, "0x0", "latest");
    const accounts = { ...STATE.accounts, [history]: { ...account, storage: { "0x0": "0x1" } } };
    await call("anvil_loadState", hexOf(Buffer.from(textOf({ accounts }))));
    expect(await call("eth_getStorageAt", history, "0x0", "latest")).toBe(hash);
    expect(await call("eth_getBalance", CONTRACT, "latest")).toBe("0x64");
  });

  it("says what it cannot bring", async () => {
    const loaded = await dev.chain.load(textOf());
    if (!loaded.ok) throw new Error(loaded.error.message);
    expect(loaded.value.warning).toContain("2 blocks and 1 transaction cannot");
  });

  it("may be larger than a block", async () => {
    const storage = Object.fromEntries(Array.from({ length: 15_500 }, (_, slot) => [`0x${slot.toString(16)}`, "0x1"]));
    const large = { ...account, code: `0x${"00".repeat(600_000)}`, storage };
    const accounts = { [CONTRACT]: large, [`0x${"c1".repeat(20)}`]: { ...large, storage: {} } };
    expect(await call("hardhat_loadState", hexOf(gzipSync(textOf({ accounts }))))).toBe(true);
    expect(Number(await call("eth_blockNumber"))).toBe(2);
    expect(await call("eth_getStorageAt", CONTRACT, "0x3c8b", "latest")).toBe(`0x${"1".padStart(64, "0")}`);
    expect(await call<string>("eth_getCode", `0x${"c1".repeat(20)}`, "latest")).toHaveLength(1_200_002);
  }, 60_000);

  it("is refused by code when it is damaged, and nothing of it is here", async () => {
    const damaged = (changes: object) => ({ accounts: { ...STATE.accounts, [CONTRACT]: { ...account, ...changes } } });
    const GARBAGE: readonly object[] = [
      ...[{ accounts: { "0x12": account } }, { accounts: { [CONTRACT]: 5 } }, { accounts: { [CONTRACT]: null } }],
      ...[{ accounts: [] }, { accounts: null }, { format: "festina-dev-state" }],
      ...[damaged({ nonce: -1 }), damaged({ nonce: 2 ** 60 }), damaged({ nonce: `0x1${"0".repeat(16)}` })],
      ...[damaged({ balance: "ten" }), damaged({ balance: `0x${"f".repeat(65)}` }), damaged({ balance: {} })],
      ...[damaged({ code: "0x1" }), damaged({ code: 7 }), damaged({ code: `0x${"00".repeat(3_000_000)}` })],
      ...[damaged({ storage: [] }), damaged({ storage: { x: "0x1" } }), damaged({ storage: { "0x1": null } })],
    ];
    for (const changes of GARBAGE)
      await expect(call("anvil_loadState", hexOf(gzipSync(textOf(changes))))).rejects.toMatchObject({
        code: RPC_CODE.invalidParams,
      });
    for (const bytes of ["{", '{"accounts"', "{}", '{"accounts":7}'].map((text) => Buffer.from(text)))
      for (const state of [hexOf(bytes), hexOf(gzipSync(bytes)), hexOf(gzipSync(bytes).subarray(0, 12))])
        await expect(call("anvil_loadState", state)).rejects.toMatchObject({ code: RPC_CODE.invalidParams });
    expect(await call("eth_blockNumber")).toBe("0x0");
  });

  it("without a sensible time has none; its form is told from others", () => {
    for (const block of [undefined, null, 5, { timestamp: "soon" }, { timestamp: `0x${"f".repeat(20)}` }])
      expect(readAnvilState({ ...STATE, block }, new Set())).toMatchObject({
        ok: true,
        value: { timestampSeconds: null },
      });
    expect(isAnvilState(STATE)).toBe(true);
    for (const fields of [{}, { accounts: [] }, { format: "x", accounts: {} }])
      expect(isAnvilState(fields)).toBe(false);
  });
});
