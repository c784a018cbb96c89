import { describe, expect, it } from "@jest/globals";
import { ACCOUNTS, TOKEN, word } from "../../testing/fakeChain.ts";
import { createMethods } from "./methodFixture.ts";

const { backend, call } = createMethods();
const [ALICE] = ACCOUNTS;

describe("state", () => {
  it("is read at a block", async () => {
    expect(await call("eth_getBalance", ALICE, "latest")).toBe(`0x${(BigInt(ALICE) % 1_000_000n).toString(16)}`);
    expect(await call("eth_getBalance", ALICE)).toBe(await call("eth_getBalance", ALICE, "latest"));
    expect(await call("eth_getBalance", ALICE.toUpperCase().replace("0X", "0x"), "0x1")).toMatch(/^0x/);
    expect(await call("eth_getCode", TOKEN, "latest")).toBe("0x6001");
    expect(await call("eth_getCode", ALICE, "latest")).toBe("0x");
    expect(await call("eth_getTransactionCount", ALICE, "latest")).toBe("0x5");
    expect(await call("eth_getTransactionCount", ALICE, "pending")).toBe("0x7");
    const reference = { blockHash: backend.records[1]?.block.hash };
    expect(await call("eth_getTransactionCount", ALICE, reference)).toBe("0x5");
    expect(await call("eth_getTransactionCount", ALICE, reference.blockHash)).toBe("0x5");
    await expect(call("eth_getTransactionCount", ALICE, word("9"))).rejects.toMatchObject({ code: -32000 });
  });

  it("answers storage as 32 bytes, for slots in any spelling", async () => {
    for (const slot of ["0x1", "0x01", 1, word("1")]) {
      expect(await call("eth_getStorageAt", TOKEN, slot, "latest")).toBe(word("2"));
    }
    const last = `0x${"f".repeat(64)}`;
    expect(await call("eth_getStorageAt", TOKEN, word("fe"), "latest")).toBe(word("ff"));
    await expect(call("eth_getStorageAt", TOKEN, `${last}f`, "latest")).rejects.toMatchObject({ code: -32602 });
  });

  it("is told of accounts and slots at once", async () => {
    const account = { balance: "0x9", codeHash: word("c0de"), nonce: "0x1", storageRoot: word("5707") };
    expect(await call("eth_getAccount", ALICE, "latest")).toEqual(account);
    const balance = await call("eth_getBalance", TOKEN);
    expect(await call("eth_getAccountInfo", TOKEN)).toEqual({ balance, code: "0x6001", nonce: "0x0" });
    expect(await call("eth_getStorageValues", { [TOKEN]: ["0x1", word("4")], [ALICE]: [] }, "latest")).toEqual({
      [TOKEN]: [word("2"), word("5")],
      [ALICE]: [],
    });
    expect(await call("eth_getStorageValues", {})).toEqual({});
  });

  it.each<[string, unknown[]]>([
    ["eth_getAccount", []],
    ["eth_getAccount", [ALICE, "newest"]],
    ["eth_getAccountInfo", ["0x12"]],
    ["eth_getAccountInfo", [ALICE, {}]],
    ["eth_getStorageValues", [[]]],
    ["eth_getStorageValues", [{ [TOKEN]: "0x1" }]],
    ["eth_getStorageValues", [{ "0x12": [] }]],
    ["eth_getStorageValues", [{ [TOKEN]: ["0x"] }]],
    ["eth_getStorageValues", [{ [TOKEN]: Array(1_000).fill("0x1"), [ALICE]: Array(25).fill("0x1") }]],
  ])("%s %j is refused", async (method, params) => {
    await expect(call(method, ...params)).rejects.toMatchObject({ code: -32602 });
  });

  it("is proved with keys as they were asked for", async () => {
    expect(await call("eth_getProof", ALICE, ["0x01", word("2")], "latest")).toEqual({
      address: ALICE,
      accountProof: ["0xc0"],
      balance: "0x9",
      codeHash: word("c0de"),
      nonce: "0x1",
      storageHash: word("5707"),
      storageProof: [
        { key: "0x1", value: "0x2", proof: ["0x80"] },
        { key: word("2"), value: "0x3", proof: ["0x80"] },
      ],
    });
  });

  it.each(["eth_getBalance", "eth_getCode", "eth_getTransactionCount"])(
    "%s tells a block that is not there from one whose state is gone",
    async (method) => {
      await expect(call(method, ALICE, "0x5")).rejects.toMatchObject({ code: -32000, message: "header not found" });
      await expect(call(method, ALICE, "0x0")).rejects.toMatchObject({
        code: -32000,
        message: expect.stringContaining("missing trie node"),
      });
      await expect(call(method, ALICE, { blockHash: word("9") })).rejects.toMatchObject({ code: -32000 });
    },
  );

  it.each<[string, unknown[], string]>([
    ["eth_getBalance", [], "address"],
    ["eth_getBalance", ["0x12"], "address"],
    ["eth_getBalance", [ALICE, "newest"], "block"],
    ["eth_getBalance", [ALICE, { blockHash: "0x1" }], "block.blockHash"],
    ["eth_getStorageAt", [TOKEN], "slot"],
    ["eth_getStorageAt", [TOKEN, "0x"], "slot"],
    ["eth_getStorageAt", [TOKEN, -5], "slot"],
    ["eth_getStorageAt", [TOKEN, 0.5], "slot"],
    ["eth_getStorageAt", [TOKEN, `0x${"0".repeat(65)}`], "slot"],
    ["eth_getProof", [ALICE], "storageKeys"],
    ["eth_getProof", [ALICE, Array(1_025).fill("0x0")], "storageKeys"],
    ["eth_getProof", [ALICE, ["slot"]], "storageKeys"],
  ])("%s names the parameter that is wrong: %j", async (method, params, name) => {
    await expect(call(method, ...params)).rejects.toMatchObject({
      code: -32602,
      message: expect.stringMatching(new RegExp(`^${name}`)),
    });
  });
});
