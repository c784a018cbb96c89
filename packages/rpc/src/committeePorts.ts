// How committees are described, and how their draws are explained.
import type { Address, Hash32, Hex } from "@festina/primitives";
import type { Committee } from "@festina/types";

export interface CommitteeInfo {
  readonly committee: Committee;
  readonly firstBlock: number;
  /** `null` while the epoch lasts. */
  readonly lastBlock: number | null;
}

/** How a committee came to its seats. */
export interface CommitteeExplanation {
  readonly info: CommitteeInfo;
  /** `sittingStays`: fewer than `minValidators` could be seated. `genesis`, `restart`: the chain spec says who sits. */
  readonly outcome: "genesis" | "restart" | "elected" | "sittingStays" | "recovery";
  /** `null` where nothing was drawn. */
  readonly draw: DrawExplanation | null;
}

/** Every input of a draw and its whole way: enough to do it again. */
export interface DrawExplanation {
  /** Snail blocks whose fruits count, both ends included. */
  readonly window: { readonly first: number; readonly last: number };
  /** The seed is keccak256(domain || beacon || snailHash). */
  readonly seed: {
    readonly domain: string;
    readonly beacon: Hash32;
    /** The fast block whose beacon it is. */
    readonly beaconNumber: number;
    readonly snailHash: Hash32;
    readonly value: Hash32;
  };
  /** Fast blocks: candidates must have called `ready()` at the first or later, and are those of the second. */
  readonly windowStartHeight: number;
  readonly frozenHeight: number;
  readonly seats: number;
  readonly depositPerSeatWei: bigint;
  readonly minValidators: number;
  readonly sitting: Committee;
  /** Lost their seats between draw and handover. */
  readonly voided: readonly Address[];
  readonly candidates: readonly {
    readonly address: Address;
    readonly payout: Address;
    readonly publicKey: Hex;
    readonly depositWei: bigint;
    readonly readyAt: number;
    readonly isLeaving: boolean;
    /** Of the window's fruits that name it. */
    readonly weight: bigint;
    readonly excluded: string | null;
    readonly seatsMax: number;
    /** As drawn. */
    readonly seats: number;
  }[];
  /** u, in units of 2^-64. */
  readonly offset: bigint;
  readonly line: readonly { readonly address: Address; readonly weight: bigint; readonly order: Hash32 }[];
  readonly rounds: readonly {
    readonly totalWeight: bigint;
    readonly points: readonly { readonly point: bigint; readonly address: Address }[];
  }[];
  readonly fruits: readonly { readonly hash: Hash32; readonly supports: Address; readonly difficulty: bigint }[];
}
