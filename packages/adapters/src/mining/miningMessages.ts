import type { PowEngineName } from "@festina/chainspec";
import type { Hash32 } from "@festina/primitives";
import type { MiningWork } from "@festina/snailchain";
import type { TruehashBands } from "../pow/truehashBands.ts";

/** What a searching thread is started with. */
export interface MiningWorkerData {
  readonly engine: PowEngineName;
  readonly cpuShare: number;
}

export type ToMiningWorker =
  /** Comes before the first work with this key. */
  | { readonly kind: "dataSet"; readonly powKey: Hash32; readonly bands: TruehashBands }
  | { readonly kind: "start"; readonly work: MiningWork }
  | { readonly kind: "stop" };

export type FromMiningWorker =
  | { readonly kind: "found"; readonly workId: number; readonly nonce: bigint }
  /** Hashes in the last period. */
  | { readonly kind: "progress"; readonly hashes: number; readonly periodMs: number };
