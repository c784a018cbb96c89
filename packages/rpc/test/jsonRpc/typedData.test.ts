import { addressOfPublicKey, recoverPublicKey } from "@festina/crypto";
import { bytesToHex, type Hex, hexToBytes } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { TypedDataEncoder } from "ethers";
import { hashTypedData } from "../../src/jsonRpc/typedData.ts";
import { ACCOUNTS, address, word } from "../../testing/fakeChain.ts";
import { createMethods } from "../namespaces/methodFixture.ts";

const [ALICE, BOB] = ACCOUNTS;
const DOMAIN = { name: "Token", version: "1", chainId: 1337, verifyingContract: ALICE };
const TYPES = {
  Order: [
    { name: "maker", type: "Person" },
    { name: "takers", type: "Person[]" },
    { name: "amount", type: "uint256" },
    { name: "change", type: "int16" },
    { name: "grid", type: "uint8[2][]" },
    { name: "tag", type: "bytes4" },
    { name: "blob", type: "bytes" },
    { name: "isOpen", type: "bool" },
  ],
  Person: [
    { name: "name", type: "string" },
    { name: "wallet", type: "address" },
  ],
};
const MESSAGE = {
  maker: { name: "Ölrüben", wallet: ALICE },
  takers: [{ name: "Bob", wallet: BOB }],
  amount: "340282366920938463463374607431768211456",
  change: -5,
  grid: [
    [1, 2],
    ["0x3", 255],
  ],
  tag: "0x12345678",
  blob: "0x0011",
  isOpen: true,
};
const data = (changes: object = {}) => ({
  domain: DOMAIN,
  types: TYPES,
  primaryType: "Order",
  message: MESSAGE,
  ...changes,
});

describe("typed records", () => {
  it("have the hashes that other libraries give them", () => {
    const expected = TypedDataEncoder.hash(DOMAIN, TYPES, MESSAGE);
    expect(bytesToHex(hashTypedData(data()))).toBe(expected);
    const padded = { ...DOMAIN, chainId: `0x${(1337).toString(16).padStart(77, "0")}` };
    expect(bytesToHex(hashTypedData(data({ domain: padded })))).toBe(expected);
    const named = { ...TYPES, EIP712Domain: [{ name: "name", type: "string" }] };
    const other = TypedDataEncoder.hash({ name: "Token" }, TYPES, MESSAGE);
    expect(bytesToHex(hashTypedData(data({ types: named })))).toBe(other);
  });

  it("are signed by development accounts, as an object or as text", async () => {
    const { call } = createMethods();
    const signed = hexToBytes((await call("eth_signTypedData_v4", ALICE, data())) as Hex);
    const key = recoverPublicKey(hashTypedData(data()), signed.subarray(0, 64), (signed[64] as number) - 27);
    expect(key && addressOfPublicKey(key)).toBe(ALICE);
    expect(await call("eth_signTypedData_v4", ALICE, JSON.stringify(data()))).toBe(bytesToHex(signed));
    await expect(call("eth_signTypedData_v4", address("99"), data())).rejects.toMatchObject({ code: -32000 });
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["no JSON", "{"],
    ["no types", { ...data(), types: undefined }],
    ["no primary type", { ...data(), primaryType: "Nobody" }],
    ["a type that is not there", data({ types: { Order: [{ name: "amount", type: "uint257" }] } })],
    ["a type that is a list", data({ types: { Order: [{ name: "amount", type: [] }] } })],
    ["no message", data({ message: null })],
    ["a number that does not fit", data({ message: { ...MESSAGE, change: 40_000 } })],
    ["a number below zero", data({ message: { ...MESSAGE, amount: -1 } })],
    ["a number that is text", data({ message: { ...MESSAGE, amount: "many" } })],
    ["too many items", data({ message: { ...MESSAGE, grid: [[1, 2, 3]] } })],
    ["bytes of another length", data({ message: { ...MESSAGE, tag: word("1") } })],
    ["a field that is missing", data({ message: { ...MESSAGE, blob: undefined } })],
  ])("refuse %s", async (_, value) => {
    await expect(createMethods().call("eth_signTypedData_v4", ALICE, value)).rejects.toMatchObject({ code: -32602 });
  });

  it("refuse what is nested without end", () => {
    const types = { Order: [{ name: "next", type: "Order" }] };
    let message: unknown = null;
    for (let depth = 0; depth < 1_000; depth++) message = { next: message };
    expect(() => hashTypedData(data({ types, message }))).toThrow(/too deep/);
    const array = `uint8${"[]".repeat(1_000)}`;
    let list: unknown = 1;
    for (let depth = 0; depth < 1_000; depth++) list = [list];
    expect(() => hashTypedData(data({ types: { Order: [{ name: "a", type: array }] }, message: { a: list } }))).toThrow(
      /too deep/,
    );
  });
});
