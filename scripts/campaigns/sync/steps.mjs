// What the campaign does, one step after the other: each leaves figures behind.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createPrng } from "@festina/primitives";
import { runSource } from "../../runSource.mjs";
import { sleep } from "../devnet/patience.mjs";
import { compileCreations } from "../history/mixedWork.mjs";
import { makeFolder, NodeProcess } from "./joiner.mjs";
import { startLiar } from "./liars.mjs";

const UNFINISHED = 75;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const LIES = ["chunks", "headers", "nothing"];
const seconds = (sinceMs) => Math.round((performance.now() - sinceMs) / 10) / 100;

/** @returns figures, or `null` while the chain is shorter than wanted */
export async function makeChain({ folder, blocks, accounts, makeSeconds, results }) {
  if (results.make?.head >= blocks) return results.make;
  const { coin } = compileCreations();
  const args = [
    "--folder",
    folder,
    "--blocks",
    blocks,
    "--accounts",
    accounts,
    "--seconds",
    makeSeconds,
    "--coin",
    coin,
  ];
  await runSource("test/sync/command.ts", args.map(String));
  const code = process.exitCode;
  process.exitCode = 0;
  if (code === UNFINISHED) return null;
  if (code !== 0) throw new Error("the chain could not be made");
  const { readFileSync } = await import("node:fs");
  return JSON.parse(readFileSync(join(folder, "made.json"), "utf8"));
}

/** Runs with a node that serves the chain that was made. */
async function withServer({ folder, rpcPort }, task) {
  const place = await makeFolder(folder, "server", { rpcPort, dataDir: "../source/data", mode: "replay" });
  const server = new NodeProcess(place);
  server.start();
  try {
    await server.answers();
    return await task(place.address, server);
  } finally {
    await server.stop();
  }
}

/** @typedef {{ peers?: string[], bootnodes?: string[] }} Known */

/**
 * A new folder, and whom it knows: one bootnode and nobody else, unless told otherwise.
 *
 * @param {string} mode
 * @param {any} options
 * @param {string} name
 * @param {(server: string) => Promise<Known>} knownOf
 */
async function joinBy(mode, options, name, knownOf = async (server) => ({ bootnodes: [server] })) {
  return withServer(options, async (address, server) => {
    const { folder, rpcPort } = options;
    const place = await makeFolder(folder, name, {
      ...{ rpcPort: rpcPort + 1, dataDir: "data", mode, isFresh: true },
      ...(await knownOf(address)),
    });
    const node = new NodeProcess(place);
    const beganMs = performance.now();
    node.start();
    try {
      const head = await server.head();
      await node.reaches(head);
      const took = seconds(beganMs);
      return {
        seconds: took,
        head,
        isSame: await node.isLike(server),
        stages: node.stages(),
        hasSettled: node.hasSettled(),
        log: node.log,
      };
    } finally {
      await node.stop();
    }
  });
}

export async function snapshot(options) {
  const { log: _log, ...figures } = await joinBy("snapshot", options, "snapshot");
  return figures;
}

export async function replay(options) {
  const { log: _log, ...figures } = await joinBy("replay", options, "replay");
  return { ...figures, blocksPerSecond: Math.round(figures.head / figures.seconds) };
}

/** The same blocks from a file, on the same engine: no sockets, no peers. */
export async function execution({ folder, rpcPort, results }) {
  const { COMMAND } = await import("../devnet/devnetUnderTest.mjs");
  const place = await makeFolder(folder, "server", { rpcPort, dataDir: "../source/data", mode: "replay" });
  const file = join(folder, "history.jsonl");
  const festina = (...args) => {
    const done = spawnSync(process.execPath, [COMMAND, ...args, "--json"], {
      encoding: "utf8",
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    if (done.status !== 0) throw new Error(`festina ${args[0]}: ${done.stderr || done.stdout}`);
    return JSON.parse(done.stdout);
  };
  festina("export", file, "--config", place.config, "--blocks", `1..${results.make.head}`);
  const beganMs = performance.now();
  const { blocks, stateRoot } = festina("replay", file);
  const took = seconds(beganMs);
  return { seconds: took, blocks, stateRoot, blocksPerSecond: Math.round(blocks / took) };
}

/**
 * Killed at random moments; the last run ends well. Together the runs before it last about as long as an undisturbed
 * beginning, so that each of them is cut off in the midst of it.
 */
export async function kills(options) {
  const { folder, rpcPort, seed, results, print } = options;
  const prng = createPrng(seed);
  const spanMs = (2 * (results.snapshot?.seconds ?? 10) * 1_000) / Math.max(1, options.kills);
  return withServer(options, async (address, server) => {
    const place = await makeFolder(folder, "killed", {
      rpcPort: rpcPort + 1,
      dataDir: "data",
      peers: [address],
      mode: "snapshot",
      isFresh: true,
    });
    const moments = [];
    for (let kill = 0; kill < options.kills; kill++) {
      const node = new NodeProcess(place);
      node.start();
      const afterMs = 300 + prng.below(Math.ceil(spanMs));
      await sleep(afterMs);
      const stage = node.stages().at(-1) ?? "start";
      await node.kill();
      moments.push({ afterMs, stage });
      print(`killed after ${afterMs} ms, in ${stage}`);
    }
    const node = new NodeProcess(place);
    const beganMs = performance.now();
    node.start();
    try {
      await node.reaches(await server.head());
      return { kills: moments.length, moments, seconds: seconds(beganMs), isSame: await node.isLike(server) };
    } finally {
      await node.stop();
    }
  });
}

export async function liars(options) {
  const started = [];
  try {
    const figures = await joinLiars(options, started);
    const { log, ...rest } = figures;
    const dropped = started.filter(({ nodeId }) =>
      log.some((line) => line.includes("syncPeerDropped") && line.includes(nodeId)),
    );
    const kept = started.filter((liar) => !dropped.includes(liar)).map(({ kind }) => kind);
    return { ...rest, dropped: dropped.map(({ kind }) => kind), kept };
  } finally {
    for (const liar of started) await liar.stop();
  }
}

/** The liars ask the honest node and change what it says; the joiner knows them first. */
async function joinLiars(options, started) {
  const place = await makeFolder(options.folder, "server", {
    rpcPort: options.rpcPort,
    dataDir: "../source/data",
    mode: "replay",
  });
  for (const [index, kind] of LIES.entries())
    started.push(
      await startLiar({ kind, port: options.rpcPort + 30 + index, folder: options.folder, upstream: place.address }),
    );
  return joinBy("snapshot", options, "liars", async (server) => {
    for (const liar of started) await liar.isReady();
    return { peers: [...started.map(({ address }) => address), server] };
  });
}
