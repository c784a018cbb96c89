// `npm run bench -- disk`: what states cost on the disk, with all of them kept and with old ones left behind.
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { EXIT_USAGE, readOptions, wholeNumber } from "../readOptions.mjs";

export const summary = "bytes on disk per block of transfers: history archive and history full";

const USAGE =
  "usage: npm run bench -- disk [--accounts 5000] [--blocks 400] [--transfers 200] [--keep 40] [--json FILE]\n";

/** @type {import("../readOptions.mjs").Options} */
const OPTIONS = {
  accounts: { type: "string", default: "5000" },
  blocks: { type: "string", default: "400" },
  transfers: { type: "string", default: "200" },
  keep: { type: "string", default: "40" },
  json: { type: "string" },
};

function checkOptions(values) {
  const [accounts, blocks, transfers, keep] = ["accounts", "blocks", "transfers", "keep"].map((name) =>
    wholeNumber(values, name, { min: 1 }),
  );
  return { accounts, blocks, transfers, keep, jsonFile: values.json };
}

const SLICE_NODES = 256;
/** Slices of work after each block: as many as a node does in a second between blocks. */
const SLICES = 20;

function bytesIn(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** A chain of states in a folder of its own; `keep` is `null` for an archive. */
async function openChain(folder, keep) {
  const { createKeccakKernel, openLevelStore } = await import("@festina/adapters");
  const { EMPTY_CODE_HASH, StateCopy, StateStore } = await import("@festina/state");
  const { WriteBatch } = await import("@festina/storage");
  const { EMPTY_ROOT } = await import("@festina/types");
  const store = await openLevelStore(folder);
  const states = new StateStore(store, createKeccakKernel(), EMPTY_ROOT);
  const { nodes } = states;
  /** @type {`0x${string}`[]} */
  const roots = [EMPTY_ROOT];
  /** @type {InstanceType<typeof StateCopy> | null} */
  let copy = null;

  /** What the node's pruner does between two blocks. */
  async function workSlice() {
    const height = roots.length - 1;
    if (nodes.isClearing) await nodes.clearElder(SLICE_NODES);
    else if (nodes.since === undefined) await nodes.beginGeneration(height);
    else if (height >= nodes.since + keep) {
      copy ??= new StateCopy(nodes, /** @type {any} */ (roots[nodes.since]));
      const batch = copy.next(SLICE_NODES);
      if (batch !== null) return store.write(batch.operations);
      await nodes.leaveElder();
      nodes.endElder();
      copy = null;
    }
  }

  return {
    folder,
    store,
    /** @type {number[]} */
    times: [],
    async grow(changes) {
      const parent = /** @type {any} */ (roots.at(-1));
      const world = states.open(parent);
      for (const [address, balanceWei] of changes)
        world.putAccount(address, { nonce: 1n, balanceWei, codeHash: EMPTY_CODE_HASH });
      const began = performance.now();
      const root = states.seal(parent, world);
      const batch = new WriteBatch();
      await states.save(root, batch);
      await store.write(batch.operations, { sync: true });
      states.committed(root);
      this.times.push(performance.now() - began);
      roots.push(root);
      if (keep !== null) for (let slice = 0; slice < SLICES; slice++) await workSlice();
    },
  };
}

async function measure({ accounts, blocks, transfers, keep }) {
  const { createPrng } = await import("@festina/primitives");
  const base = mkdtempSync(join(tmpdir(), "festina-disk-"));
  const address = (index) => `0x${(index + 1).toString(16).padStart(40, "0")}`;
  const random = createPrng(1);
  const chains = {
    archive: await openChain(join(base, "archive"), null),
    full: await openChain(join(base, "full"), keep),
  };
  const rows = [];
  try {
    const all = Array.from({ length: accounts }, (_, index) => [address(index), 1n]);
    for (const chain of Object.values(chains)) await chain.grow(all);
    for (const chain of Object.values(chains)) chain.times.length = 0;
    for (let block = 1; block <= blocks; block++) {
      const changes = new Map();
      for (let count = 2 * transfers; count > 0; count--)
        changes.set(address(random.below(accounts)), BigInt(random.below(2 ** 30)) ** 2n);
      // In turn, so that what else the machine does falls on both.
      for (const chain of Object.values(chains)) await chain.grow(changes);
      if (block % Math.ceil(blocks / 8) === 0 || block === blocks)
        rows.push({ block, archive: bytesIn(chains.archive.folder), full: bytesIn(chains.full.folder) });
    }
    const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
    const half = rows[Math.floor(rows.length / 2) - 1];
    const last = rows.at(-1);
    const perBlock = (name) => Math.round((last[name] - half[name]) / (last.block - half.block));
    return {
      ...{ accounts, blocks, transfers, keep, rows },
      bytesPerBlock: { archive: perBlock("archive"), full: perBlock("full") },
      sealAndSaveMs: { archive: median(chains.archive.times), full: median(chains.full.times) },
    };
  } finally {
    for (const { store } of Object.values(chains)) await store.close();
    rmSync(base, { recursive: true, force: true });
  }
}

export async function run(argv) {
  const options = readOptions(argv, { options: OPTIONS, usage: USAGE, check: checkOptions });
  if (options === null) return EXIT_USAGE;
  const { accounts, transfers, keep, jsonFile } = options;
  const result = await measure(options);
  const mib = (bytes) => (bytes / 2 ** 20).toFixed(1).padStart(8);
  console.log(`${accounts} accounts, ${transfers} transfers a block, states of ${keep} blocks kept by full`);
  console.log("   block   archive      full  MiB");
  for (const row of result.rows) console.log(`${String(row.block).padStart(8)}  ${mib(row.archive)}  ${mib(row.full)}`);
  const { bytesPerBlock, sealAndSaveMs } = result;
  console.log(`second half: ${bytesPerBlock.archive} bytes a block as archive, ${bytesPerBlock.full} as full`);
  console.log(
    `seal and save, median: ${sealAndSaveMs.archive.toFixed(1)} ms as archive, ${sealAndSaveMs.full.toFixed(1)} ms as full`,
  );
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(result, null, 2)}\n`);
  return 0;
}
