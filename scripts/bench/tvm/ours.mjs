// Our engines over the state that nodes have, in memory.
import { performance } from "node:perf_hooks";
import {
  createInterpreterEngine,
  createKeccakKernel,
  createMemoryStore,
  createReferenceEngine,
  createTieredEngine,
} from "@festina/adapters";
import { toAddress, toHash32, ZERO_HASH } from "@festina/primitives";
import { StateStore } from "@festina/state";
import { EMPTY_ACCOUNT } from "@festina/tvm";
import { EMPTY_ROOT } from "@festina/types";
import { CALLEE, CALLER, HELPER, TARGET } from "./workloads.mjs";

const CHAIN_ID = 1337n;
const GAS_LIMIT = 1n << 40n;
const BLOCK = {
  number: 300,
  timestamp: 1_000,
  gasLimit: GAS_LIMIT,
  baseFeePerGasWei: 10n,
  coinbase: toAddress(new Uint8Array(20).fill(0x33)),
  prevRandao: toHash32(new Uint8Array(32).fill(0xab)),
  chainId: CHAIN_ID,
  getBlockHash: () => ZERO_HASH,
};

export const ENGINES = {
  reference: () => createReferenceEngine({ chainId: CHAIN_ID }),
  interpreter: createInterpreterEngine,
  // As nodes run it: what is hot is compiled beside.
  compiler: createTieredEngine,
};

/**
 * @returns a function that runs one call on a fresh world, and says how long it took and what came of it: a success,
 * unless the code is one that ends when its gas does
 */
export function createRunner(engine, { gasLimit = GAS_LIMIT, endsOutOfGas = false } = {}) {
  return async ({ code, data }) => {
    const view = new StateStore(createMemoryStore(), createKeccakKernel(), EMPTY_ROOT).open(EMPTY_ROOT);
    view.putAccount(CALLER, { ...EMPTY_ACCOUNT, balanceWei: 10n ** 18n });
    view.putCode(TARGET, code);
    view.putCode(HELPER, CALLEE);
    const start = performance.now();
    const outcome = await engine.run(
      {
        caller: CALLER,
        origin: CALLER,
        to: TARGET,
        valueWei: 0n,
        data,
        gasLimit,
        gasPriceWei: 10n,
        isStatic: false,
        warmAddresses: [CALLER, TARGET],
        accessList: [],
      },
      view,
      BLOCK,
    );
    const ms = performance.now() - start;
    if (endsOutOfGas && outcome.kind === "halt") return { ms, gas: gasLimit, output: "0x" };
    if (outcome.kind !== "success")
      throw new Error(`${engine.name} ended with ${outcome.kind} ${outcome.reason ?? ""}`);
    return { ms, gas: gasLimit - outcome.gasLeft, output: `0x${Buffer.from(outcome.output).toString("hex")}` };
  };
}
