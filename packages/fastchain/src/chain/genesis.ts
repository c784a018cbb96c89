import type { ChainSpec } from "@festina/chainspec";
import {
  BEACON_ROOTS,
  BEACON_ROOTS_CODE,
  encodeGenesisRegister,
  encodeInitialise,
  encodeOnEpoch,
  HISTORY_STORAGE,
  HISTORY_STORAGE_CODE,
  VALIDATOR_REGISTRY,
  VALIDATOR_REGISTRY_CODE,
} from "@festina/contracts";
import { type SignatureSuite, sha256 } from "@festina/crypto";
import { startElection } from "@festina/election";
import {
  assert,
  fail,
  type Hash32,
  hexToBytes,
  ok,
  type Result,
  toHash32,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "@festina/primitives";
import { type BlockContext, creditBalance, type Engine, readAccount, type StateView, systemCall } from "@festina/tvm";
import {
  BLOOM_BYTES,
  type Committee,
  EMPTY_ROOT,
  encodeExtraData,
  type FastBlock,
  type FastHeader,
  genesisSpecHash,
  hashFastHeader,
  hashHybridRequests,
  NO_REQUESTS,
} from "@festina/types";
import type { StateSource } from "../ports.ts";
import { NO_ABSENCES } from "./absences.ts";
import type { HybridState } from "./hybridState.ts";
import { NO_PARTICIPATION } from "./participation.ts";
import { splitPublicKey } from "./registryReader.ts";

export interface GenesisTools {
  readonly states: StateSource;
  readonly engine: Engine;
  readonly suite: SignatureSuite;
  readonly snailGenesisHash: Hash32;
  /**
   * What the registry's slots hold when the validators of the spec are registered, where that is known beforehand. Where
   * it is absent, the registry's code works it out.
   */
  readonly registrySlots?: RegistrySlots;
}

export type RegistrySlots = readonly (readonly [slot: bigint, value: bigint])[];

export interface FastGenesis {
  readonly block: FastBlock;
  readonly hybrid: HybridState;
}

export type GenesisFailureCode = "GENESIS_POSSESSION_UNPROVEN" | "GENESIS_ACCOUNT_REPEATED";

function genesisCommittee(spec: ChainSpec): Committee {
  const members = spec.genesisValidators.map(({ address, payout, publicKey, seats }) => ({
    address,
    payout,
    publicKey,
    seats,
  }));
  return { epoch: 0, members };
}

function fund(view: StateView, spec: ChainSpec): void {
  for (const { address, balanceWei, nonce = 0n, code, storage = [] } of spec.genesisAccounts) {
    view.putAccount(address, { ...readAccount(view, address), balanceWei, nonce });
    if (code !== undefined) view.putCode(address, hexToBytes(code));
    for (const [slot, value] of storage) view.putStorage(address, slot, value);
  }
}

function placeContracts(view: StateView, spec: ChainSpec): void {
  for (const [address, code] of [
    [VALIDATOR_REGISTRY, VALIDATOR_REGISTRY_CODE],
    [BEACON_ROOTS, BEACON_ROOTS_CODE],
    [HISTORY_STORAGE, HISTORY_STORAGE_CODE],
  ] as const) {
    view.putCode(address, hexToBytes(code));
    // Nonce 1, as a deployed contract has: an account that only holds rings is not an empty one.
    view.putAccount(address, { ...readAccount(view, address), nonce: 1n });
  }
  const depositsWei = spec.genesisValidators.reduce((sum, { depositWei }) => sum + depositWei, 0n);
  creditBalance(view, VALIDATOR_REGISTRY, depositsWei);
}

async function registerValidators(
  view: StateView,
  spec: ChainSpec,
  block: BlockContext,
  engine: Engine,
): Promise<void> {
  const call = async (data: Uint8Array): Promise<void> => {
    const answer = await systemCall({ to: VALIDATOR_REGISTRY, data, view, block, engine });
    assert(answer.kind === "success", "the registry accepts the genesis validators");
  };
  await call(encodeInitialise(spec.depositPerSeatWei, spec.unbondingSeconds));
  for (const { address, publicKey, payout, depositWei } of spec.genesisValidators) {
    await call(encodeGenesisRegister({ validator: address, ...splitPublicKey(publicKey), payout, depositWei }));
  }
  await call(
    encodeOnEpoch(
      0,
      spec.genesisValidators.map(({ address }) => address),
    ),
  );
}

/** Two networks that differ in anything begin with different randomness and different hashes. */
export function genesisBeacon(spec: ChainSpec): Hash32 {
  return toHash32(sha256(hexToBytes(genesisSpecHash(spec))));
}

function genesisHeader(spec: ChainSpec, stateRoot: Hash32, snailPointer: Hash32): FastHeader {
  return {
    parentHash: ZERO_HASH,
    coinbase: ZERO_ADDRESS,
    stateRoot,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: new Uint8Array(BLOOM_BYTES),
    number: genesisNumber(spec),
    gasLimit: spec.preset.fastGasLimit,
    // What stands for another chain's block is as full as leaves the base fee where the chain spec has it.
    gasUsed: spec.fork === undefined ? 0n : spec.preset.fastGasLimit / spec.baseFeeElasticity,
    timestamp: spec.genesisTimeSeconds,
    extraData: encodeExtraData({ epoch: 0, view: 0, milliseconds: 0 }),
    beacon: genesisBeacon(spec),
    baseFeePerGasWei: spec.initialBaseFeeWei,
    snailPointer,
    requestsHash: hashHybridRequests(NO_REQUESTS),
  };
}

function genesisSupplyWei(spec: ChainSpec): bigint {
  const balances = spec.genesisAccounts.reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
  return balances + spec.genesisValidators.reduce((sum, { depositWei }) => sum + depositWei, 0n);
}

/** 0, but for a chain that goes on from a block of another one. */
export function genesisNumber({ fork }: Pick<ChainSpec, "fork">): number {
  return fork?.blockNumber ?? 0;
}

/** The first block: counts as committed, points to the snail genesis, and seats the committee of the chain spec. */
export async function createFastGenesis(
  spec: ChainSpec,
  tools: GenesisTools,
): Promise<Result<FastGenesis, GenesisFailureCode>> {
  for (const { address, publicKey, proofOfPossession } of spec.genesisValidators) {
    if (!tools.suite.verifyPossession(hexToBytes(publicKey), hexToBytes(proofOfPossession))) {
      return fail("GENESIS_POSSESSION_UNPROVEN", `validator ${address} does not prove that it holds its key`);
    }
  }
  // Two entries for one account would fund it once and count twice.
  if (new Set(spec.genesisAccounts.map(({ address }) => address)).size < spec.genesisAccounts.length) {
    return fail("GENESIS_ACCOUNT_REPEATED", "an account of the genesis block is named twice");
  }
  const view = tools.states.open(EMPTY_ROOT);
  fund(view, spec);
  placeContracts(view, spec);
  const context: BlockContext = {
    number: genesisNumber(spec),
    timestamp: spec.genesisTimeSeconds,
    gasLimit: spec.preset.fastGasLimit,
    baseFeePerGasWei: 0n,
    coinbase: ZERO_ADDRESS,
    prevRandao: ZERO_HASH,
    chainId: spec.chainId,
    getBlockHash: () => ZERO_HASH,
  };
  if (tools.registrySlots === undefined) await registerValidators(view, spec, context, tools.engine);
  else for (const [slot, value] of tools.registrySlots) view.putStorage(VALIDATOR_REGISTRY, slot, value);
  const header = genesisHeader(spec, tools.states.seal(EMPTY_ROOT, view), tools.snailGenesisHash);
  const hash = spec.fork?.blockHash ?? hashFastHeader(header);
  const hybrid: HybridState = {
    header,
    hash,
    committee: genesisCommittee(spec),
    previousCommittee: null,
    epochBaseNumber: header.number,
    epochBaseHash: hash,
    pointer: { number: 0, hash: tools.snailGenesisHash, anchorTimeMs: spec.genesisTimeSeconds * 1000 },
    certifiedNumber: header.number,
    participation: NO_PARTICIPATION,
    absences: NO_ABSENCES,
    slashed: [],
    election: startElection(1, 0),
    nextWindowHeight: 0,
    candidates: [],
    supply: {
      genesisWei: genesisSupplyWei(spec),
      rewardsWei: 0n,
      baseFeeBurnedWei: 0n,
      slashBurnedWei: 0n,
      selfDestructBurnedWei: 0n,
    },
  };
  return ok({ block: { header, hash, transactions: [], requests: NO_REQUESTS }, hybrid });
}
