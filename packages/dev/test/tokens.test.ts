import { RPC_CODE } from "@festina/rpc";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { alice, bob, type RunningDev, startDev } from "./devFixture.ts";

const TOKEN = `0x${"70".repeat(20)}`;
const PROXY = `0x${"71".repeat(20)}`;
const STAKED = `0x${"72".repeat(20)}`;
const PLAIN = `0x${"73".repeat(20)}`;
const SCALED = `0x${"74".repeat(20)}`;
const NARROW = `0x${"76".repeat(20)}`;
/**
 * Answers with the slot at keccak256(first argument, second argument), which is a mapping's slot for one account and, other
 * than Solidity's nested mappings, for two. Before that it reads slot 5, as a token that can be paused does.
 */
const TOKEN_CODE = "0x60055450600435" + "5f52602435602052" + "60405f20545f5260205ff3";
/** The same, of which a hundredth is answered. */
const SCALED_CODE = TOKEN_CODE.replace("545f5260205ff3", "5460649004" + "5f5260205ff3");
/** The same, of which the last 64 bits are answered. */
const NARROW_CODE = TOKEN_CODE.replace("545f5260205ff3", "5467ffffffffffffffff16" + "5f5260205ff3");
/** Hands the call on by DELEGATECALL, and the answer back. */
const PROXY_CODE = `0x365f5f375f5f365f73${TOKEN.slice(2)}5af43d5f5f3e3d5ff3`;
/** Asks another token, by STATICCALL. */
const STAKED_CODE = `0x365f5f375f5f365f73${TOKEN.slice(2)}5afa3d5f5f3e3d5ff3`;

let dev: RunningDev;
const call: RunningDev["call"] = (method, ...params) => dev.call(method, ...params);
const word = (address: string): string => address.slice(2).padStart(64, "0");
const ask = async (token: string, ...accounts: readonly string[]): Promise<bigint> =>
  BigInt(await call("eth_call", { to: token, data: `0x70a08231${accounts.map(word).join("")}` }, "latest"));

beforeAll(async () => {
  dev = await startDev();
  for (const [address, code] of [
    ...[
      [TOKEN, TOKEN_CODE],
      [PROXY, PROXY_CODE],
      [STAKED, STAKED_CODE],
      [SCALED, SCALED_CODE],
      [NARROW, NARROW_CODE],
    ],
    [PLAIN, "0x60056000526020" + "6000f3"],
  ])
    await call("anvil_setCode", address, code);
});
afterAll(() => dev.stop());

describe("tokens given to accounts", () => {
  it.each(["anvil_dealERC20", "hardhat_dealERC20", "anvil_setERC20Balance"])("%s sets what one has", async (method) => {
    for (const amount of ["0x5", "0x0", `0x${"f".repeat(64)}`]) {
      expect(await call(method, alice, TOKEN, amount)).toBeNull();
      expect(await ask(TOKEN, alice)).toBe(BigInt(amount));
    }
    expect(await ask(TOKEN, bob)).toBe(0n);
    // What else the token reads is as it was.
    expect(await call("eth_getStorageAt", TOKEN, "0x5", "latest")).toBe(`0x${"0".repeat(64)}`);
  });

  it("changes the slot of what is asked, and no other that would do for the amount", async () => {
    // Whoever has nothing is given nothing: any slot that is read would answer so.
    await call("anvil_setStorageAt", TOKEN, "0x5", `0x${"1".padStart(64, "0")}`);
    expect(await call("anvil_dealERC20", bob, TOKEN, "0x0")).toBeNull();
    expect(await call("eth_getStorageAt", TOKEN, "0x5", "latest")).toBe(`0x${"1".padStart(64, "0")}`);
  });

  it("says so where a token has no room for the amount", async () => {
    expect(await call("anvil_dealERC20", alice, NARROW, `0x${"f".repeat(16)}`)).toBeNull();
    await expect(call("anvil_dealERC20", alice, NARROW, `0x1${"0".repeat(16)}`)).rejects.toMatchObject({
      code: RPC_CODE.server,
      message: expect.stringContaining("no slot found"),
    });
    expect(await ask(NARROW, alice)).toBe(2n ** 64n - 1n);
  });

  it("finds what is kept behind a proxy, or by another contract", async () => {
    await call("anvil_dealERC20", bob, PROXY, "0x9");
    expect(await ask(PROXY, bob)).toBe(9n);
    expect(await ask(TOKEN, bob)).toBe(0n);
    await call("anvil_dealERC20", bob, STAKED, "0x8");
    expect(await ask(STAKED, bob)).toBe(8n);
    expect(await ask(TOKEN, bob)).toBe(8n);
  });

  it("sets what another account may spend", async () => {
    expect(await call("anvil_setERC20Allowance", alice, bob, TOKEN, "0x7")).toBeNull();
    expect(await ask(TOKEN, alice, bob)).toBe(7n);
    expect(await ask(TOKEN, bob, alice)).toBe(0n);
  });

  it.each([
    ["has no code", `0x${"75".repeat(20)}`],
    ["reads no slot", PLAIN],
    ["answers something else than is in a slot", SCALED],
  ])("says so of a token that %s, and changes nothing", async (_, token) => {
    const before = await call("eth_blockNumber");
    for (const [method, ...params] of [
      ["anvil_dealERC20", alice, token, "0x5"],
      ["anvil_setERC20Allowance", alice, bob, token, "0x5"],
    ])
      await expect(call(method as string, ...params)).rejects.toMatchObject({
        code: RPC_CODE.server,
        message: expect.stringContaining("no slot found"),
      });
    expect(await call("eth_blockNumber")).toBe(before);
  });

  it("refuses nonsense by code", async () => {
    const GARBAGE = [
      [],
      ["zz"],
      [alice],
      [alice, TOKEN],
      [alice, TOKEN, "zz"],
      [alice, "0x12", "0x1"],
      [alice, TOKEN, -1],
    ];
    for (const method of ["anvil_dealERC20", "hardhat_dealERC20", "anvil_setERC20Balance", "anvil_setERC20Allowance"])
      for (const params of GARBAGE)
        await expect(call(method, ...params)).rejects.toMatchObject({ code: RPC_CODE.invalidParams });
  });
});
