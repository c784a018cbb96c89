import { assert, type Hash32, LruMap } from "@festina/primitives";
import type { PowDataSets, PowEngine } from "@festina/snailchain";
import { dataSetFile, isDataSetKept } from "./powDataSetFile.ts";
import type { PowDataSetWorkerData } from "./powDataSetMessages.ts";
import { type PowDataSetThread, startPowDataSetThread } from "./powDataSetThread.ts";
import type { TruehashBands } from "./truehashBands.ts";
import { createTruehashKernel, type TruehashKernel } from "./truehashKernel.ts";

export interface TruehashDataSets extends PowDataSets {
  /** From its file. Resolves to whether it is ready now. */
  load(powKey: Hash32): Promise<boolean>;
  /** `sample`: hashes of 32 bytes, oldest first. @throws OperationError when the thread dies */
  make(powKey: Hash32, sample: Uint8Array, onProgress?: (share: number) => void): Promise<void>;
  /** For searching threads. @throws InvariantError when it is not ready */
  bands(powKey: Hash32): TruehashBands;
  close(): Promise<void>;
}

export interface TruehashEngine extends PowEngine {
  readonly dataSets: TruehashDataSets;
}

export interface TruehashEngineOptions {
  /** Where data sets are kept; `null` for nowhere. */
  readonly folder: string | null;
  /** A data set is used, but could not be kept. */
  readonly onNotKept?: (reason: string) => void;
}

/** This epoch's, the next one's, and two of branches or of the past. */
const READY_MAX = 4;

interface Ready {
  readonly kernel: TruehashKernel;
  readonly bands: TruehashBands;
}

/** TrueHash with the data sets that threads have made. */
export function createTruehashEngine({ folder, onNotKept }: TruehashEngineOptions): TruehashEngine {
  const ready = new LruMap<Hash32, Ready>(READY_MAX);
  const threads = new Set<PowDataSetThread>();

  const run = async (powKey: Hash32, data: PowDataSetWorkerData, onProgress?: (share: number) => void) => {
    const thread = startPowDataSetThread(data, (share) => onProgress?.(share));
    threads.add(thread);
    try {
      const made = await thread.result;
      if (made === null) return false;
      if (made.notKept !== null) onNotKept?.(made.notKept);
      ready.set(powKey, { kernel: createTruehashKernel(made.bands), bands: made.bands });
      return true;
    } finally {
      threads.delete(thread);
      await thread.end();
    }
  };
  const use = (powKey: Hash32): Ready => {
    const found = ready.get(powKey);
    assert(found !== undefined, `the data set ${powKey} is not ready`);
    return found;
  };

  return {
    name: "truehash",
    compute: (sealHash, nonce, powKey) => use(powKey).kernel.compute(sealHash, nonce),
    dataSets: {
      isReady: (powKey) => ready.has(powKey),
      load: async (powKey) => {
        const file = folder === null ? null : dataSetFile(folder, powKey);
        return file !== null && isDataSetKept(file) && (await run(powKey, { file, sample: null }));
      },
      make: async (powKey, sample, onProgress) => {
        await run(powKey, { file: folder === null ? null : dataSetFile(folder, powKey), sample }, onProgress);
      },
      bands: (powKey) => use(powKey).bands,
      close: async () => {
        await Promise.all(Array.from(threads, (thread) => thread.end()));
      },
    },
  };
}
