import type { MiningWork } from "@festina/snailchain";

/** What a searching thread is started with. */
export interface MiningWorkerData {
  readonly engine: "keccak";
  readonly cpuShare: number;
}

export type ToMiningWorker = { readonly kind: "start"; readonly work: MiningWork } | { readonly kind: "stop" };

export type FromMiningWorker =
  | { readonly kind: "found"; readonly workId: number; readonly nonce: bigint }
  /** Hashes in the last period. */
  | { readonly kind: "progress"; readonly hashes: number; readonly periodMs: number };
