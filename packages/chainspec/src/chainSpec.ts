import type { Address, Hash32, Hex } from "@festina/primitives";
import type { PowEngineName } from "./powEngines.ts";
import type { Preset } from "./preset.ts";
import type { SignatureSuiteName } from "./signatureSuites.ts";

/** A validator that sits from the first block on. Its proof of possession is checked when the spec is loaded. */
export interface GenesisValidator {
  readonly address: Address;
  readonly payout: Address;
  /** Compressed public key of the network's signature suite. */
  readonly publicKey: Hex;
  readonly proofOfPossession: Hex;
  readonly depositWei: bigint;
  readonly seats: number;
}

export interface GenesisAccount {
  readonly address: Address;
  readonly balanceWei: bigint;
  readonly nonce?: bigint;
  readonly code?: Hex;
  /** Slot to value, both 32-byte words as integers. */
  readonly storage?: readonly (readonly [slot: bigint, value: bigint])[];
}

/** How a snail block's reward is divided, in parts per hundred at `fruitsPerBlock` fruits. They add up to 100. */
export interface RewardSplit {
  readonly committee: number;
  readonly fruits: number;
  readonly packing: number;
  readonly block: number;
}

export interface RewardRules {
  /** For snail blocks of the first era. */
  readonly initialRewardWei: bigint;
  /** The reward shrinks by `decayPercent` after each `decayPeriodBlocks` snail blocks. */
  readonly decayPercent: number;
  readonly decayPeriodBlocks: number;
  readonly split: RewardSplit;
}

/** A committee that begins a new epoch although the one before lost its quorum. Agreed upon outside the chain. */
export interface CommitteeRestart {
  /** The last COMMITTED block of the dead committee, in the old chain; the new epoch stands on it. */
  readonly blockNumber: number;
  readonly blockHash: Hash32;
  /** The epoch that begins: the dead committee's plus one. */
  readonly epoch: number;
  readonly members: readonly RestartMember[];
}

/** Its proof of possession is checked when the spec is loaded; it should be registered, or it cannot be slashed. */
export type RestartMember = Pick<GenesisValidator, "address" | "payout" | "publicKey" | "proofOfPossession" | "seats">;

/**
 * When and how the snail chain seats a committee by itself because the sitting one does nothing (docs/adr/0015). All in
 * snail blocks: no clock has a say.
 */
export interface RecoveryRules {
  /** So many snail blocks in a row without a newer anchor: the committee stops signing, the cool-down begins. */
  readonly stallBlocks: number;
  /** So many more, and the newest anchor is what the next committee stands on. */
  readonly coolDownBlocks: number;
  /** Stalls that began below this snail block do not count: a network that switches recovery on leaves its past alone. */
  readonly sinceSnailBlock: number;
}

/** A block of another chain, by its number and its hash there. */
export interface ForkPoint {
  readonly blockNumber: number;
  readonly blockHash: Hash32;
}

/** Everything that must be equal on all nodes of a network. Hashed into `specHash`, exchanged in the handshake. */
export interface ChainSpec {
  readonly name: string;
  readonly chainId: bigint;
  /** Unix seconds; of both genesis blocks. */
  readonly genesisTimeSeconds: number;
  readonly preset: Preset;

  readonly signatureSuite: SignatureSuiteName;
  readonly powEngine: PowEngineName;
  /** Snail difficulty of the genesis block: expected hashes per snail block. */
  readonly genesisDifficulty: bigint;

  readonly initialBaseFeeWei: bigint;
  /** The base fee moves by at most 1/this per block (Ethereum: 8); scaled to the minimum block interval. */
  readonly baseFeeChangeDenominator: bigint;
  readonly baseFeeElasticity: bigint;

  readonly rewards: RewardRules;
  readonly depositPerSeatWei: bigint;
  /** After its last term a deposit stays locked this long: evidence window and unbonding. */
  readonly unbondingSeconds: number;
  /** Evidence of broken voting rules counts until this long after the end of the epoch it is of. */
  readonly evidenceWindowSeconds: number;
  /** A member unpaid for missing votes in this many payouts in a row is jailed; 0 = never. */
  readonly jailAfterPayouts: number;

  readonly genesisAccounts: readonly GenesisAccount[];
  readonly genesisValidators: readonly GenesisValidator[];

  /** Ascending by block number and epoch; empty while no committee ever lost its quorum. */
  readonly restarts: readonly CommitteeRestart[];
  /** Absent: off. A committee that lost its quorum then waits for an entry of `restarts`. */
  readonly recovery?: RecoveryRules;
  /**
   * A chain on which its developer may do anything (docs/adr/0029): blocks may carry requests that set accounts, and
   * transactions may name a sender that did not sign. One validator, no elections. Absent everywhere else.
   */
  readonly development?: true;
  /** On a development chain: contracts may be as long as gas can pay for (no EIP-170, no EIP-3860). */
  readonly unlimitedCode?: true;
  /** On a development chain: a transaction may ask for as much gas as a block has (no EIP-7825). */
  readonly unlimitedTransactionGas?: true;
  /** A development chain that goes on from a block of another chain (docs/adr/0066): the genesis block stands for it. */
  readonly fork?: ForkPoint;
}
