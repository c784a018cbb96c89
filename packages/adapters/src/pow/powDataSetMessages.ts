import type { TruehashBands } from "./truehashBands.ts";

/** What a making thread is started with. */
export interface PowDataSetWorkerData {
  /** Where the data set may lie, or is to be kept; `null` keeps nothing. */
  readonly file: string | null;
  /** Hashes of 32 bytes, oldest first; `null` to make nothing that is not kept. */
  readonly sample: Uint8Array | null;
}

export type FromPowDataSetWorker =
  /** 0 to 1 */
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly bands: TruehashBands; readonly notKept: string | null }
  | { readonly kind: "missing" };
