import type { PowEngineName } from "@festina/chainspec";
import { keccakPowEngine, type PowEngine } from "@festina/snailchain";
import { createNonceSearcher, type NonceSearcher, type NonceSearcherOptions } from "../mining/nonceSearcher.ts";
import { argon2idPowEngine } from "./argon2idEngine.ts";
import { createTruehashEngine, type TruehashDataSets, type TruehashEngineOptions } from "./truehashEngine.ts";

/** Proof of work as a chain spec names it: to check, and to search in worker threads. */
export interface Pow {
  readonly engine: PowEngine;
  /** For engines that have data sets. */
  readonly dataSets?: TruehashDataSets;
  createSearcher(options: Omit<NonceSearcherOptions, "engine" | "bandsOf">): NonceSearcher;
}

/** `options`: where and how data sets are kept. */
export function createPow(name: PowEngineName, options: TruehashEngineOptions): Pow {
  if (name !== "truehash") {
    const engine = name === "keccak" ? keccakPowEngine : argon2idPowEngine;
    return { engine, createSearcher: (search) => createNonceSearcher({ ...search, engine: name }) };
  }
  const engine = createTruehashEngine(options);
  const { dataSets } = engine;
  return {
    engine,
    dataSets,
    createSearcher: (search) => createNonceSearcher({ ...search, engine: name, bandsOf: dataSets.bands }),
  };
}
