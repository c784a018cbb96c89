import type { PowEngineName } from "@festina/chainspec";
import { assert, type Hash32, LruMap, ZERO_HASH } from "@festina/primitives";
import { continuePowSample, deriveTruehashTable } from "@festina/snailchain";
import { createNonceSearch, type NonceSearch } from "../mining/nonceSearch.ts";
import { argon2idPowEngine } from "./argon2idEngine.ts";
import { createEngineNonceKernel } from "./engineNonceKernel.ts";
import { createKeccakNonceKernel } from "./keccakNonceKernel.ts";
import { createTruehashBands, type TruehashBands } from "./truehashBands.ts";
import { createTruehashKernel, type TruehashKernel } from "./truehashKernel.ts";

/** The search for an engine's nonces, and where its data sets go. */
export interface PowSearch {
  readonly search: NonceSearch;
  /** Before the first work with this key; ignored by engines without data sets. */
  addDataSet(powKey: Hash32, bands: TruehashBands): void;
}

const NONCES_PER_LOOK = { keccak: 512, truehash: 4, argon2id: 1 } as const satisfies Record<PowEngineName, number>;
/** Work moves on to the next epoch and does not come back, but for a reorganisation at its border. */
const DATA_SETS_MAX = 2;

export function createPowSearch(engine: PowEngineName): PowSearch {
  const dataSets = new LruMap<Hash32, TruehashKernel>(DATA_SETS_MAX);
  const kernelFor = createKernelFor(engine, dataSets);
  return {
    search: createNonceSearch(kernelFor, NONCES_PER_LOOK[engine]),
    addDataSet: (powKey, bands) => {
      if (engine === "truehash") dataSets.set(powKey, createTruehashKernel(bands));
    },
  };
}

function createKernelFor(engine: PowEngineName, dataSets: LruMap<Hash32, TruehashKernel>) {
  if (engine === "truehash")
    return (powKey: Hash32) => {
      const dataSet = dataSets.get(powKey);
      assert(dataSet !== undefined, "a work's data set comes before it");
      return dataSet.search;
    };
  const kernel = engine === "keccak" ? createKeccakNonceKernel() : createEngineNonceKernel(argon2idPowEngine);
  return () => kernel;
}

/** A search that is ready to measure with: its data set, if it needs one, is some. */
export function createSampleSearch(engine: PowEngineName): NonceSearch {
  const { search, addDataSet } = createPowSearch(engine);
  if (engine === "truehash")
    addDataSet(ZERO_HASH, createTruehashBands(deriveTruehashTable(continuePowSample(new Uint8Array(32)))));
  return search;
}
