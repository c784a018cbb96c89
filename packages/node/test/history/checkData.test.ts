import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createSignatureSuite,
} from "@festina/adapters";
import { createDevnetSpec } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import { bytesToHex } from "@festina/primitives";
import { numberKey, STORAGE_FORMAT_VERSION, TABLE, tableKey } from "@festina/storage";
import { describe, expect, it } from "@jest/globals";
import { openChain } from "../../src/chain/openChain.ts";
import { checkData } from "../../src/history/checkData.ts";

const suite = createSignatureSuite("bls");
const key = new Uint8Array(32).fill(3);
const OWNER = `0x${"11".repeat(20)}` as Address;
const SPEC = createDevnetSpec({
  signatureSuite: "bls",
  chainId: 79n,
  genesisTimeSeconds: 1_700_000_000,
  genesisDifficulty: 1_000n,
  developmentAccounts: [],
  validators: [
    {
      address: OWNER,
      payout: OWNER,
      publicKey: bytesToHex(suite.publicKey(key)),
      proofOfPossession: bytesToHex(suite.provePossession(key)),
    },
  ],
});
const FORMAT = tableKey(TABLE.meta, new TextEncoder().encode("formatVersion"));

async function openedStore() {
  const store = createMemoryStore();
  const open = () =>
    openChain({ spec: SPEC, store, suite, keccak: createKeccakKernel(), engine: createInterpreterEngine() });
  await open();
  return { store, open };
}

describe("a data folder", () => {
  it("that is empty or new is whole", async () => {
    expect(checkData(SPEC, createMemoryStore(), suite, 10)).toMatchObject({ head: null, format: null, findings: [] });
    const { store } = await openedStore();
    expect(checkData(SPEC, store, suite, 10)).toEqual({
      ...{ head: 0, from: 1, findings: [] },
      ...{ format: STORAGE_FORMAT_VERSION, isToConvert: false, refusal: null },
    });
  });

  it("that has lost its format is damaged", async () => {
    const { store } = await openedStore();
    await store.write([{ type: "del", key: FORMAT }]);
    expect(checkData(SPEC, store, suite, 10)).toMatchObject({
      ...{ head: null, refusal: null, findings: [expect.stringContaining("has lost which format")] },
    });
  });

  it("of another chain spec is refused with what to do, and its store is read no further", async () => {
    const { store } = await openedStore();
    const other = { ...SPEC, genesisTimeSeconds: SPEC.genesisTimeSeconds + 1 };
    expect(checkData(other, store, suite, 10)).toMatchObject({
      ...{ findings: [], refusal: expect.stringContaining("put back the one that it began with") },
    });
  });

  it.each([
    [1, /delete the folder chain in dataDir, and nothing else/],
    [STORAGE_FORMAT_VERSION + 1, /a newer program wrote it/],
  ])("of format %i is refused with what to do, and found by the check", async (version, said) => {
    const { store, open } = await openedStore();
    await store.write([{ type: "put", key: FORMAT, value: numberKey(version) }]);
    await expect(open()).rejects.toMatchObject({ code: "DATA_FORMAT", message: expect.stringMatching(said) });
    expect(checkData(SPEC, store, suite, 10)).toMatchObject({
      ...{ findings: [], refusal: expect.stringContaining(`data format ${version}`) },
    });
  });

  it("whose newest block cannot be read is told, not thrown", async () => {
    const { store } = await openedStore();
    const entries = await store.entries({
      from: Uint8Array.of(TABLE.hybridState),
      to: Uint8Array.of(TABLE.hybridState + 1),
    });
    await store.write(entries.map(([at]) => ({ type: "put", key: at, value: Uint8Array.of(1, 2, 3) })));
    expect(checkData(SPEC, store, suite, 10).findings.join()).toContain("cannot be read");
  });
});
