import type { Address, Hash32 } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  type ChainSpec,
  canonicalText,
  checkChainSpec,
  DEFAULT_REWARD_RULES,
  DEVNET_PRESET,
  parseChainSpecJson,
  serializeChainSpec,
  snailRewardWei,
} from "../src/index.ts";

const validator = {
  address: `0x${"01".repeat(20)}` as Address,
  payout: `0x${"02".repeat(20)}` as Address,
  publicKey: "0x01" as const,
  proofOfPossession: "0x02" as const,
  depositWei: 100n,
  seats: 1,
};

const { depositWei: _depositWei, ...member } = validator;
const restart = { blockNumber: 7, blockHash: `0x${"0a".repeat(32)}` as Hash32, epoch: 3, members: [member] };

// The devnet confirms at depth 2 and elects from 6 blocks.
const recovery = { stallBlocks: 4, coolDownBlocks: 8, sinceSnailBlock: 0 };

const spec: ChainSpec = {
  name: "devnet",
  chainId: 5n,
  genesisTimeSeconds: 1_700_000_000,
  preset: DEVNET_PRESET,
  signatureSuite: "bls",
  powEngine: "keccak",
  genesisDifficulty: 1_000n,
  initialBaseFeeWei: 1n,
  baseFeeChangeDenominator: 8n,
  baseFeeElasticity: 2n,
  rewards: DEFAULT_REWARD_RULES,
  depositPerSeatWei: 100n,
  unbondingSeconds: 60,
  evidenceWindowSeconds: 60,
  jailAfterPayouts: 3,
  restarts: [],
  genesisAccounts: [],
  genesisValidators: [validator],
};

describe("chain spec", () => {
  it("survives its file format exactly and has one canonical text", () => {
    const read = parseChainSpecJson(serializeChainSpec(spec));
    expect(checkChainSpec(read)).toEqual({ ok: true, value: spec });
    const reordered = Object.fromEntries(Object.entries(spec).reverse());
    expect(canonicalText(reordered)).toBe(canonicalText(spec));
    expect(canonicalText({ ...spec, chainId: 6n })).not.toBe(canonicalText(spec));
    const restarted = { ...spec, restarts: [restart, { ...restart, blockNumber: 8, epoch: 4 }] };
    expect(checkChainSpec(parseChainSpecJson(serializeChainSpec(restarted)))).toEqual({ ok: true, value: restarted });
    const recovering = { ...spec, recovery };
    expect(checkChainSpec(parseChainSpecJson(serializeChainSpec(recovering)))).toEqual({ ok: true, value: recovering });
  });

  const broken: [string, unknown][] = [
    ["no object", null],
    ["unknown field", { ...spec, colour: "red" }],
    ["missing field", { ...spec, name: undefined }],
    ["wrong type", { ...spec, chainId: 5 }],
    ["code limit without development", { ...spec, unlimitedCode: true }],
    ["gas limit without development", { ...spec, unlimitedTransactionGas: true }],
    ["code limit that is on", { ...spec, development: true, unlimitedCode: false }],
    ["chain id", { ...spec, chainId: 0n }],
    ["suite", { ...spec, signatureSuite: "rot13" }],
    ["suite of before", { ...spec, signatureSuite: "bls-ed25519" }],
    ["engine", { ...spec, powEngine: "scrypt" }],
    ["preset value", { ...spec, preset: { ...DEVNET_PRESET, maxFruits: -1 } }],
    ["preset relation", { ...spec, preset: { ...DEVNET_PRESET, maxFruits: 1 } }],
    ["epoch of the work", { ...spec, preset: { ...DEVNET_PRESET, powEpochBlocks: 54 } }],
    ["no epoch of the work", { ...spec, preset: { ...DEVNET_PRESET, powEpochBlocks: 0 } }],
    ["no beacon", { ...spec, preset: { ...DEVNET_PRESET, beaconIntervalBlocks: 0 } }],
    ["pointer depth", { ...spec, preset: { ...DEVNET_PRESET, pointerDepthBlocks: 8 } }],
    [
      "split",
      { ...spec, rewards: { ...DEFAULT_REWARD_RULES, split: { committee: 20, fruits: 65, packing: 10, block: 6 } } },
    ],
    ["no validators", { ...spec, genesisValidators: [] }],
    ["deposit", { ...spec, genesisValidators: [{ ...validator, depositWei: 99n }] }],
    ["evidence window", { ...spec, evidenceWindowSeconds: 61 }],
    ["jail", { ...spec, jailAfterPayouts: -1 }],
    ["restart: nothing", { ...spec, restarts: [null] }],
    ["restart: genesis", { ...spec, restarts: [{ ...restart, blockNumber: 0 }] }],
    ["restart: hash", { ...spec, restarts: [{ ...restart, blockHash: "0x0a" }] }],
    ["restart: capitals", { ...spec, restarts: [{ ...restart, blockHash: `0x${"0A".repeat(32)}` }] }],
    ["restart: order", { ...spec, restarts: [restart, { ...restart, blockNumber: 8 }] }],
    ["restart: nobody", { ...spec, restarts: [{ ...restart, members: [] }] }],
    ["restart: no seat", { ...spec, restarts: [{ ...restart, members: [{ ...member, seats: 0 }] }] }],
    ["restart: seats", { ...spec, restarts: [{ ...restart, members: [{ ...member, seats: 101 }] }] }],
    ["restart: twice", { ...spec, restarts: [{ ...restart, members: [member, member] }] }],
    ["recovery: nothing", { ...spec, recovery: null }],
    ["recovery: on", { ...spec, recovery: true }],
    ["recovery: a list", { ...spec, recovery: [4, 8, 0] }],
    ["recovery: field missing", { ...spec, recovery: { stallBlocks: 4, coolDownBlocks: 8 } }],
    ["recovery: unknown field", { ...spec, recovery: { ...recovery, clock: "mine" } }],
    ["recovery: text", { ...spec, recovery: { ...recovery, stallBlocks: "4" } }],
    ["recovery: fraction", { ...spec, recovery: { ...recovery, coolDownBlocks: 8.5 } }],
    ["recovery: negative", { ...spec, recovery: { ...recovery, sinceSnailBlock: -1 } }],
    ["recovery: stall too short", { ...spec, recovery: { ...recovery, stallBlocks: 3 } }],
    ["recovery: cool-down too short", { ...spec, recovery: { ...recovery, coolDownBlocks: 7 } }],
    ["recovery: endless", { ...spec, recovery: { ...recovery, stallBlocks: 10_000 } }],
    ["address", { ...spec, genesisValidators: [{ ...validator, address: "0x12" }] }],
  ];
  it.each(broken)("refuses: %s", (_name, value) => {
    const checked = checkChainSpec(value);
    expect(checked.ok ? "" : checked.error.code).toBe("CHAIN_SPEC_INVALID");
  });
});

describe("snailRewardWei", () => {
  it("starts at 115.555… coins, shrinks two per cent per 4,500 blocks and never asks forever", () => {
    expect(snailRewardWei(DEFAULT_REWARD_RULES, 0)).toBe(0n);
    expect(snailRewardWei(DEFAULT_REWARD_RULES, 1)).toBe(115_555_555_555_555_000_000n);
    expect(snailRewardWei(DEFAULT_REWARD_RULES, 4_499)).toBe(115_555_555_555_555_000_000n);
    expect(snailRewardWei(DEFAULT_REWARD_RULES, 4_500)).toBe(113_244_444_444_443_900_000n);
    expect(snailRewardWei(DEFAULT_REWARD_RULES, Number.MAX_SAFE_INTEGER)).toBe(0n);
  });
});
