import { createMemoryStore, createSignatureSuite } from "@festina/adapters";
import { checkChainSpec, DEV_VALIDATOR } from "@festina/chainspec";
import { addressOfSecretKey } from "@festina/crypto";
import { bytesToHex, hexToBytes } from "@festina/primitives";
import { RPC_CODE, RpcAnswerError } from "@festina/rpc";
import { describe, expect, it } from "@jest/globals";
import { encodeDump, parseState, readDump } from "../src/devDump.ts";
import { UndoStore } from "../src/undoStore.ts";
import { alice, bob, devSpec, startDev } from "./devFixture.ts";

const ACCOUNT_METHODS = ["setBalance", "addBalance", "setCode", "setNonce", "setStorageAt", "impersonateAccount"];
const OTHERS = ["autoImpersonateAccount", "dropTransaction", "setNextBlockBaseFeePerGas", "setCoinbase", "loadState"];
const SINGLE = [
  "evm_mine",
  "hardhat_mine",
  "anvil_mine",
  "evm_setAutomine",
  "evm_setIntervalMining",
  "anvil_setIntervalMining",
  "evm_increaseTime",
  "evm_setNextBlockTimestamp",
  "evm_setTime",
  "anvil_setTime",
  "anvil_setBlockTimestampInterval",
  "evm_revert",
];
const METHODS = [
  ...["hardhat", "anvil", "evm"].flatMap((family) =>
    [...ACCOUNT_METHODS, ...OTHERS].map((name) => `${family}_${name}`),
  ),
  ...SINGLE,
];
const GARBAGE: readonly (readonly unknown[])[] = [
  ["zz"],
  [{ timestamp: [] }],
  [[1, 2, 3]],
  ["0x", "0x", "0x"],
  [-1.5, true],
  [alice, "0xzz", "0x1"],
  [alice, `0x${"f".repeat(65)}`, `0x${"f".repeat(65)}`],
  [alice, "0x123", null],
];

describe("control methods", () => {
  it("refuse what makes no sense by code, and the chain goes on", async () => {
    const dev = await startDev();
    try {
      for (const method of METHODS) {
        for (const params of GARBAGE) {
          const failure: unknown = await dev.call(method, ...params).then(
            () => null,
            (error: unknown) => error,
          );
          if (failure === null) continue;
          expect(failure).toBeInstanceOf(RpcAnswerError);
          expect([method, params, (failure as RpcAnswerError).code]).toEqual([method, params, RPC_CODE.invalidParams]);
        }
      }
      await dev.call("evm_setAutomine", true);
      // An address is a quantity, too: a base fee that nobody can pay.
      await dev.call("hardhat_setNextBlockBaseFeePerGas", "0x1");
      await dev.call("hardhat_setBalance", alice, "0xde0b6b3a7640000");
      await dev.call("hardhat_setCode", alice, "0x");
      const hash = await dev.call("eth_sendTransaction", { from: alice, to: bob, value: "0x1" });
      expect(await dev.call("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    } finally {
      await dev.stop();
    }
  });
});

function decodeDump(text: string): ReturnType<typeof readDump> {
  const fields = parseState(text);
  return fields.ok ? readDump(fields.value) : fields;
}

describe("dumps", () => {
  const dump = { spec: devSpec(), nowMs: 5, content: [[Uint8Array.of(1), Uint8Array.of(2, 3)]] } as const;

  it("come back as they were", () => {
    expect(decodeDump(encodeDump(dump))).toEqual({ ok: true, value: dump });
  });

  it("of other formats and versions are refused by name, damaged ones too", () => {
    const fields = JSON.parse(encodeDump(dump)) as object;
    const refusal = (changes: object): string => {
      const decoded = decodeDump(JSON.stringify({ ...fields, ...changes }));
      return decoded.ok ? "" : decoded.error.message;
    };
    expect(refusal({ format: "anvil" })).toContain("format");
    expect(refusal({ version: 2 })).toContain("version 2");
    expect(refusal({ nowMs: "soon" })).toContain("time");
    expect(refusal({ chainSpec: "{}" })).not.toBe("");
    expect(refusal({ chainSpec: "{" })).toContain("damaged");
    for (const entries of [null, [1], [["a"]], [["!", "!"]], [["", ""]]])
      expect(refusal({ entries })).toContain("entries");
    for (const text of ["", "null", "[]", "{"]) expect(decodeDump(text).ok).toBe(false);
  });
});

describe("a store that goes back", () => {
  const key = Uint8Array.of(1);
  const put = (value: number) => [{ type: "put", key, value: Uint8Array.of(value) }] as const;

  it("has what was there at a snapshot, also when it was nothing", async () => {
    const store = new UndoStore(createMemoryStore());
    const first = store.mark();
    await store.write(put(1));
    const second = store.mark();
    await store.write(put(2));
    await store.write([{ type: "del", key }]);
    expect(store.writtenAfter(second)).toBe(2);
    await store.revert(second);
    expect(store.get(key)).toEqual(Uint8Array.of(1));
    await store.revert(first);
    expect(store.get(key)).toBeUndefined();
    await expect(store.revert(second)).rejects.toThrow("remembered");
    await store.write(put(3));
    await store.revert(first);
    expect(store.get(key)).toBeUndefined();
  });

  it("goes back over what is forgotten, but not to it", async () => {
    const store = new UndoStore(createMemoryStore());
    const other = Uint8Array.of(2);
    const first = store.mark();
    await store.write(put(1));
    const second = store.mark();
    await store.write([...put(2), { type: "put", key: other, value: key }]);
    store.forget(second);
    store.forget(second);
    await store.write(put(3));
    await store.revert(first);
    expect([store.get(key), store.get(other)]).toEqual([undefined, undefined]);
    store.forget(first);
    await store.write(put(4));
    await expect(store.revert(first)).rejects.toThrow("remembered");
    expect(store.get(key)).toEqual(Uint8Array.of(4));
  });
});

describe("the validator of development chains", () => {
  it("has the keys that its addresses and proof say", () => {
    const suite = createSignatureSuite("ed25519");
    const { signingKey, ownerKey, address, publicKey, proofOfPossession } = DEV_VALIDATOR;
    expect(addressOfSecretKey(hexToBytes(ownerKey))).toBe(address);
    expect(bytesToHex(suite.publicKey(hexToBytes(signingKey)))).toBe(publicKey);
    expect(suite.verifyPossession(hexToBytes(publicKey), hexToBytes(proofOfPossession))).toBe(true);
  });

  it("is the only one of its chain", () => {
    const spec = devSpec();
    const [seat] = spec.genesisValidators;
    expect(checkChainSpec(spec).ok).toBe(true);
    expect(checkChainSpec({ ...spec, genesisValidators: [seat, seat] }).ok).toBe(false);
    expect(checkChainSpec({ ...spec, development: false }).ok).toBe(false);
  });
});
