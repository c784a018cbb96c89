// What the node answers, as far as the page reads it. Nothing here is checked: readers use `readNumber` and the like.

export interface BlockAnswer {
  readonly number: string;
  readonly hash: string;
  readonly parentHash: string;
  readonly miner: string;
  readonly gasUsed: string;
  readonly gasLimit: string;
  readonly baseFeePerGas: string;
  readonly timestampMs?: string;
  readonly timestamp: string;
  readonly size: string;
  readonly stateRoot: string;
  readonly transactionsRoot: string;
  readonly receiptsRoot: string;
  readonly mixHash: string;
  readonly extraData: string;
  readonly parentBeaconBlockRoot?: string;
  readonly transactions: readonly (string | TransactionAnswer)[];
}

export interface TransactionAnswer {
  readonly hash: string;
  readonly type: string;
  readonly from: string;
  readonly to: string | null;
  readonly nonce: string;
  readonly value: string;
  readonly input: string;
  readonly gas: string;
  readonly gasPrice: string;
  readonly maxFeePerGas?: string;
  readonly maxPriorityFeePerGas?: string;
  readonly blockNumber: string | null;
  readonly transactionIndex: string | null;
  readonly payer?: string;
  readonly fee?: string;
}

export interface LogAnswer {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly transactionHash: string;
  readonly logIndex: string;
}

export interface ReceiptAnswer {
  readonly status: string;
  readonly gasUsed: string;
  readonly effectiveGasPrice: string;
  readonly contractAddress: string | null;
  readonly logs: readonly LogAnswer[];
}

export interface CallFrame {
  readonly type: string;
  readonly from: string;
  readonly to?: string;
  readonly value?: string;
  readonly gasUsed?: string;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly revertReason?: string;
  readonly calls?: readonly CallFrame[];
}

export interface FinalityAnswer {
  readonly block: string;
  readonly grade: "committed" | "anchored";
  readonly certifiedBy: string | null;
  readonly snailNumber: string | null;
  readonly snailHash: string | null;
  readonly depth: string | null;
}

export interface CertificateAnswer {
  readonly kind: string;
  readonly epoch: string;
  readonly view: string;
  readonly blockHash: string;
  readonly blockNumber?: string;
  readonly signers: readonly number[];
  readonly signature: string;
}

/** What fruits and snail blocks have in common: both are finds of the same work. */
interface SealedAnswer {
  readonly hash: string;
  readonly timestamp: string;
  readonly payout: string;
  readonly supports: string | null;
  readonly anchorNumber: string;
  readonly anchorHash: string;
  readonly pointerHash: string;
  readonly fruitDifficulty: string;
  readonly nonce: string;
}

export interface FruitAnswer extends SealedAnswer {
  readonly packedIn: string | null;
}

export interface SnailAnswer extends SealedAnswer {
  readonly number: string;
  readonly parentHash: string;
  readonly difficulty: string;
  readonly totalDifficulty: string;
  readonly packedFruits: string;
  readonly certificate: CertificateAnswer | null;
  readonly fruits: readonly (string | FruitAnswer)[];
}

export interface MemberAnswer {
  readonly address: string;
  readonly payout: string;
  readonly publicKey: string;
  readonly seats: number;
  readonly slashed?: boolean;
}

export interface CommitteeAnswer {
  readonly epoch: string;
  readonly firstBlock: string;
  readonly lastBlock: string | null;
  readonly totalSeats: number;
  readonly quorumSeats: number;
  readonly members: readonly MemberAnswer[];
}

export interface ElectionAnswer {
  readonly epoch: string;
  readonly phase: "collecting" | "frozen" | "seeded";
  readonly window: { readonly first: string; readonly last: string };
  readonly snailNumber: string;
  readonly frozenFrom: string;
  readonly frozenHeight: string | null;
  readonly handoverAfterMs: string | null;
  readonly weights: readonly { readonly address: string; readonly fruits: number; readonly weight: string }[];
}

export interface ExplanationAnswer {
  readonly epoch: string;
  readonly outcome: string;
  readonly firstBlock: string;
  readonly draw: null | {
    readonly window: { readonly first: string; readonly last: string };
    readonly frozenHeight: string;
    readonly seats: number;
    readonly candidates: readonly {
      readonly address: string;
      readonly deposit: string;
      readonly weight: string;
      readonly excluded: string | null;
      readonly seats: number;
    }[];
  };
}

export interface StatusAnswer {
  readonly role: string;
  readonly headNumber: number;
  readonly epoch: number;
  readonly view: number;
  readonly committee: readonly { readonly address: string; readonly seats: number }[];
  readonly quorumSeats: number;
  readonly missing: readonly { readonly address: string; readonly seats: number; readonly silentMs: number | null }[];
  readonly snailNumber: number;
  readonly anchoredNumber: number;
  readonly peers: number;
  readonly otherNetworks: readonly { readonly code: string; readonly peers: number; readonly message: string }[];
  readonly pooledTransactions: number;
  readonly pooledFruits: number;
  readonly hashRatePerSecond: number;
  readonly doing: string;
}

export interface PayAnswer {
  readonly snailNumber: string;
  readonly fastNumber: string | null;
  readonly payments: readonly { readonly to: string; readonly amount: string }[];
}

export interface RewardsAnswer {
  readonly address: string;
  readonly paid: string;
  readonly due: string;
  readonly blocks: readonly {
    readonly snailNumber: string;
    readonly fastNumber: string | null;
    readonly amount: string;
    readonly fruits: string;
    readonly isPacker: boolean;
  }[];
}

export interface ExpectedAnswer {
  readonly difficulty: string;
  readonly fruitDifficulty: string;
  readonly fruitsPerBlock: string;
  readonly perFruit: string;
  readonly perPackedFruit: string;
  readonly perBlock: string;
  readonly perHour: string | null;
}
