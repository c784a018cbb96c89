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
import { WriteBatch } from "@festina/storage";
import { EMPTY_ACCOUNT, executeTransaction } from "@festina/tvm";
import { EMPTY_ROOT, impersonate } from "@festina/types";
import { FOUNDER } from "./mixedBlock.mjs";
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

const hash = createKeccakKernel();
const NOTHING = new Uint8Array();
/** @type {readonly (readonly [bigint, bigint])[]} */
const NO_SLOTS = [];

/**
 * The state after a block that made the workload's contracts, on disk as far as a memory is one. A node that has been
 * running remembers what its blocks wrote; one that `hasRestarted` has only the disk.
 */
async function makeWorld({ code, storage, hasRestarted }) {
  const store = createMemoryStore();
  const states = new StateStore(store, hash, EMPTY_ROOT);
  const world = states.open(EMPTY_ROOT);
  world.putAccount(CALLER, { ...EMPTY_ACCOUNT, balanceWei: 10n ** 18n });
  world.putCode(TARGET, code);
  world.putCode(HELPER, CALLEE);
  for (const [slot, value] of storage) world.putStorage(TARGET, slot, value);
  const root = states.seal(EMPTY_ROOT, world);
  const batch = new WriteBatch();
  await states.save(root, batch);
  await store.write(batch.operations);
  states.committed(root);
  return () => (hasRestarted ? new StateStore(store, hash, root) : states).open(root);
}

const FEE_POT = toAddress(new Uint8Array(20).fill(0x44));
const RICH_WEI = 10n ** 24n;

async function execute(engine, view, transactions) {
  let gas = 0n;
  for (const transaction of transactions) {
    const result = await executeTransaction({
      transaction,
      view,
      block: BLOCK,
      engine,
      recoverPublicKey: () => null,
      feePot: FEE_POT,
    });
    if (!result.ok || !result.value.succeeded) throw new Error(`${engine.name}: a trade failed`);
    gas += result.value.gasUsed;
  }
  return gas;
}

/** A block of transactions whose senders are known, up to the root of the state after it, as the peer mines one. */
function createBlockRunner(engine) {
  /** @type {Awaited<ReturnType<typeof make>> | null} */
  let made = null;
  const make = async ({ before, trades }) => {
    const [beforehand, block] = [before, trades].map((list) =>
      list.map(({ sender, fields }) => impersonate({ ...fields, chainId: CHAIN_ID }, sender)),
    );
    const store = createMemoryStore();
    const states = new StateStore(store, hash, EMPTY_ROOT);
    const world = states.open(EMPTY_ROOT);
    for (const { sender } of trades) world.putAccount(sender, { ...EMPTY_ACCOUNT, balanceWei: RICH_WEI });
    world.putAccount(FOUNDER, { ...EMPTY_ACCOUNT, nonce: 1n, balanceWei: RICH_WEI });
    await execute(engine, world, beforehand);
    const root = states.seal(EMPTY_ROOT, world);
    const batch = new WriteBatch();
    await states.save(root, batch);
    await store.write(batch.operations);
    states.committed(root);
    return { trades, states, root, block };
  };
  return async (workload) => {
    const current = made?.trades === workload.trades && made !== null ? made : await make(workload);
    made = current;
    const { states, root, block } = current;
    const start = performance.now();
    const world = states.open(root);
    const gas = await execute(engine, world, block);
    states.seal(root, world);
    return { ms: performance.now() - start, gas, output: `gas ${gas}` };
  };
}

/**
 * @returns a function that runs one call on a fresh world, and says how long it took and what came of it: a success,
 * unless the code is one that ends when its gas does
 */
export function createRunner(engine, { gasLimit = GAS_LIMIT, endsOutOfGas = false } = {}) {
  let made = { code: NOTHING, storage: NO_SLOTS, hasRestarted: false };
  /** @type {Awaited<ReturnType<typeof makeWorld>>} */
  let open;
  const runBlock = createBlockRunner(engine);
  return async (workload) => {
    if (workload.trades !== undefined) return runBlock(workload);
    const { code, data, storage = NO_SLOTS, hasRestarted = false } = workload;
    if (made.code !== code || made.storage !== storage || made.hasRestarted !== hasRestarted) {
      made = { code, storage, hasRestarted };
      open = await makeWorld(made);
    }
    const view = open();
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
