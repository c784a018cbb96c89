import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createSignatureSuite,
} from "@festina/adapters";
import { type ChainSpec, createDevSpec } from "@festina/chainspec";
import type { Address } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { openChain } from "../../src/chain/openChain.ts";

const SOMEBODY = `0x${"77".repeat(20)}` as Address;
const SPEC = createDevSpec({ chainId: 7n, genesisTimeSeconds: 1_700_000_000, gasLimit: 30_000_000n, accounts: [] });
const suite = createSignatureSuite("ed25519");

const open = (spec: ChainSpec, store = createMemoryStore()) =>
  openChain({ spec, store, suite, engine: createInterpreterEngine(), keccak: createKeccakKernel() });

describe("a data folder's chain", () => {
  it("is opened again with the spec that it began with", async () => {
    const store = createMemoryStore();
    const { genesisHash } = (await open(SPEC, store)).committed;
    expect((await open({ ...SPEC }, store)).committed.genesisHash).toBe(genesisHash);
  });

  it.each<[string, Partial<ChainSpec>]>([
    ["chain id", { chainId: 8n }],
    ["name", { name: "other" }],
    ["pay", { rewards: { ...SPEC.rewards, decayPercent: 3 } }],
    ["deposit", { depositPerSeatWei: 1n }],
    ["first base fee", { initialBaseFeeWei: 1n }],
    ["accounts", { genesisAccounts: [{ address: SOMEBODY, balanceWei: 1n }] }],
    ["gas limit", { preset: { ...SPEC.preset, fastGasLimit: 31_000_000n } }],
    ["snail chain", { genesisDifficulty: 2n }],
  ])("is not opened with a spec that differs in its %s", async (_, change) => {
    const store = createMemoryStore();
    await open(SPEC, store);
    await expect(open({ ...SPEC, ...change }, store)).rejects.toMatchObject({ code: "GENESIS_MISMATCH" });
  });
});
