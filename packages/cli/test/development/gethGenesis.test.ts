import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { GENESIS_ACCOUNTS_MAX, parseGethGenesis } from "../../src/development/gethGenesis.ts";

const ALICE = "f39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const TOKEN = `0x${"ab".repeat(20)}`;
const withAccount = (account: object) => ({ alloc: { [TOKEN]: account } });

describe("a genesis file as geth has them", () => {
  it("gives accounts, and what is known of the chain", () => {
    const parsed = parseGethGenesis({
      config: { chainId: 1_337, homesteadBlock: 0, terminalTotalDifficulty: 0 },
      difficulty: "0x1",
      extraData: "0x00",
      timestamp: "0x65000000",
      gasLimit: 30_000_000,
      baseFeePerGas: "7",
      alloc: {
        [ALICE.toUpperCase()]: { balance: "1000" },
        [TOKEN]: {
          balance: "0x0",
          nonce: "0x1",
          code: "0x6001",
          storage: { "0x00": "0x2a", [`0x${"0".repeat(63)}1`]: "00" },
        },
      },
    });
    expect(parsed).toEqual({
      ok: true,
      value: {
        accounts: [
          { address: `0x${ALICE}`, balanceWei: 1_000n },
          { address: TOKEN, balanceWei: 0n, nonce: 1n, code: "0x6001", storage: [[0n, 42n]] },
        ],
        chainId: 1_337n,
        timestamp: 0x65000000,
        gasLimit: 30_000_000n,
        baseFeePerGasWei: 7n,
      },
    });
    expect(parseGethGenesis({ alloc: {} })).toMatchObject({ ok: true, value: { accounts: [], chainId: undefined } });
  });

  it.each([
    ["no object", [], "the file"],
    ["no accounts", {}, "alloc"],
    ["an address that is short", { alloc: { "0x12": {} } }, "alloc.0x12 is no address"],
    ["an address in two forms", { alloc: { [ALICE]: {}, [`0x${ALICE}`]: {} } }, `alloc.0x${ALICE} is there twice`],
    ["a balance that is no number", withAccount({ balance: "many" }), `alloc.${TOKEN}.balance is no whole number`],
    ["a balance below nothing", withAccount({ balance: -1 }), `alloc.${TOKEN}.balance is no whole number`],
    ["a balance that JSON has rounded", withAccount({ balance: 1e21 }), "is too large for a JSON number"],
    ["a balance above 32 bytes", withAccount({ balance: `0x1${"0".repeat(64)}` }), "balance is no whole number"],
    ["a nonce above 8 bytes", withAccount({ nonce: "0xffffffffffffffff" }), "nonce is no whole number"],
    ["half a byte of code", withAccount({ code: "0x123" }), `alloc.${TOKEN}.code are no bytes in hex`],
    ["a slot in two forms", withAccount({ storage: { "0x1": "0x1", "0x01": "0x2" } }), "storage.0x01 is there twice"],
    ["a value above 32 bytes", withAccount({ storage: { "0x1": `0x${"1".repeat(65)}` } }), "is no word of 32 bytes"],
    ["chain id 0", { config: { chainId: 0 }, alloc: {} }, "config.chainId is no whole number from 1"],
    ["too little gas", { gasLimit: "0x1388", alloc: {} }, "gasLimit is no whole number from 1000000"],
    ["a time after all", { timestamp: "0xffffffffff", alloc: {} }, "timestamp is no whole number"],
  ])("is refused with the place: %s", (_, value, message) => {
    const parsed = parseGethGenesis(value);
    expect(parsed).toMatchObject({ ok: false, error: { code: "GENESIS_FILE_INVALID" } });
    expect(parsed.ok ? "" : parsed.error.message).toContain(message);
  });

  it("is refused where balances add up to more than can be", () => {
    const half = `0x8${"0".repeat(63)}`;
    const alloc = { [ALICE]: { balance: half }, [TOKEN]: { balance: half } };
    expect(parseGethGenesis({ alloc })).toMatchObject({
      error: { message: "alloc has more wei than 32 bytes can count" },
    });
  });

  it("is refused with more accounts than a chain spec has room for", () => {
    const addresses = Array.from({ length: GENESIS_ACCOUNTS_MAX + 1 }, (_, index) =>
      index.toString(16).padStart(40, "0"),
    );
    const parse = (count: number) =>
      parseGethGenesis({ alloc: Object.fromEntries(addresses.slice(0, count).map((address) => [address, {}])) });
    expect(parse(GENESIS_ACCOUNTS_MAX).ok).toBe(true);
    expect(parse(GENESIS_ACCOUNTS_MAX + 1)).toMatchObject({
      error: { message: "alloc has more than 100000 accounts" },
    });
  });

  it("is a value or a code, whatever stands in the file", () => {
    const junk = fc.oneof(fc.jsonValue(), fc.record({ alloc: fc.dictionary(fc.string(), fc.jsonValue()) }));
    fc.assert(fc.property(junk, (value) => typeof parseGethGenesis(value).ok === "boolean"));
  });
});
