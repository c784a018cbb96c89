// `festina snapshot export|import`: a node's chain in one file, and a node that begins by it without any peer.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { createSignatureSuite, openLevelStore } from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import {
  createLog,
  type NodeConfig,
  SILENT_LOG,
  storedHeight,
  takeSnapshot,
  unpackSnapshot,
  writeSnapshot,
} from "@festina/node";
import { bytesToHex } from "@festina/primitives";
import { CliError } from "../output/cliError.ts";
import { createFreshDisk, createRealAdapters } from "../realAdapters.ts";
import { type CommandContext, orThrow, report } from "./context.ts";
import { loadChainSpec, loadNodeConfig } from "./start.ts";

export interface SnapshotOptions {
  readonly config: string;
  /** The newest block's, told by somebody whom the user trusts. */
  readonly headHash?: string;
  readonly json?: boolean;
}

type KeyValueStore = Awaited<ReturnType<typeof openLevelStore>>;

const IMPORT_FOLDER = "snapshot-import";

function loadFolder(file: string): { readonly config: NodeConfig; readonly dataDir: string; readonly spec: ChainSpec } {
  const config = loadNodeConfig(file);
  if (config.dataDir === null) throw new CliError("DATA_DIR_MISSING", "this node keeps nothing on disk");
  return { config, dataDir: config.dataDir, spec: loadChainSpec(config.chainSpecFile) };
}

/** `festina snapshot export OUT --config FILE`: all that a stopped node holds of its chain. */
export async function exportSnapshot(context: CommandContext, file: string, options: SnapshotOptions): Promise<void> {
  const { dataDir, spec } = loadFolder(options.config);
  const store = await openLevelStore(join(dataDir, "chain"));
  const hash = createHash("sha256");
  let digest = "";
  const running = {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => {
      const bytes = new Uint8Array(hash.digest());
      digest = bytesToHex(bytes);
      return bytes;
    },
  };
  const output = createWriteStream(file, { flags: "wx" });
  let isOurs = false;
  let isWhole = false;
  try {
    const opened = new Promise<void>((resolve, reject) => output.once("open", () => resolve()).once("error", reject));
    await opened.catch((error: Error) => {
      throw new CliError("FILE_UNWRITABLE", `cannot write ${file}: ${error.message}`);
    });
    isOurs = true;
    const write = (bytes: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => output.write(bytes, (error) => (error ? reject(error) : resolve())));
    const written = await writeSnapshot(spec, store, createSignatureSuite(spec.signatureSuite), running, write);
    const { header, entries } = orThrow(written);
    output.end();
    await finished(output);
    isWhole = true;
    report(context, options.json, { file, entries, ...header, bytes: output.bytesWritten, digest }, [
      `block ${header.headNumber}  ${header.headHash}`,
      `${entries} entries, ${output.bytesWritten} bytes written to ${file}`,
      `SHA-256 of its content  ${digest}`,
    ]);
  } finally {
    output.destroy();
    if (isOurs && !isWhole) rmSync(file, { force: true });
    await store.close();
  }
}

/** @throws CliError where the file is not what it should be */
async function unpack(file: string, store: KeyValueStore, spec: ChainSpec, headHash: string | undefined) {
  const hash = createHash("sha256");
  const digest = {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
  const pieces = createReadStream(file, { highWaterMark: 1_024 * 1_024 });
  const unpacked = await unpackSnapshot(pieces, digest, store, spec).catch((error: NodeJS.ErrnoException) => {
    if (error.path === file || error.syscall === "read")
      throw new CliError("FILE_UNREADABLE", `cannot read ${file}: ${error.message}`);
    throw error;
  });
  const header = orThrow(unpacked);
  if (headHash !== undefined && headHash.toLowerCase() !== header.headHash)
    throw new CliError("HEAD_HASH_MISMATCH", `the snapshot's newest block is ${header.headHash}`);
  return header;
}

/** Only a folder without a chain takes one in: nothing that a node has seen is ever written over. */
async function requireEmpty(folder: string): Promise<void> {
  const store = await openLevelStore(folder);
  const head = storedHeight(store);
  await store.close();
  if (head > 0) throw new CliError("FOLDER_IN_USE", `${folder} holds a chain up to block ${head} already`);
}

/** `festina snapshot import FILE --config FILE`: the folder's chain begins by the file, as if a peer had served it. */
export async function importSnapshot(context: CommandContext, file: string, options: SnapshotOptions): Promise<void> {
  const { config, dataDir, spec } = loadFolder(options.config);
  mkdirSync(dataDir, { recursive: true });
  await requireEmpty(join(dataDir, "chain"));
  const folder = join(dataDir, IMPORT_FOLDER);
  rmSync(folder, { recursive: true, force: true });
  const beganMs = performance.now();
  try {
    const store = await openLevelStore(folder);
    const header = await unpack(file, store, spec, options.headHash).catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    const log = createLog(options.json === true ? "silent" : config.log.level);
    const adaptersOf = async (dataDirOf: string | null) => ({
      ...(await createRealAdapters(spec, { ...config, dataDir: dataDirOf, network: null, validator: null }, log, () => {
        throw new CliError("ENGINES_DIFFER", "two engines disagree");
      })),
      disk: createFreshDisk(),
    });
    const source = { ...(await adaptersOf(null)), store, log: SILENT_LOG };
    const target = await adaptersOf(dataDir);
    const settings = { spec, config, validator: null, developmentAccounts: [] };
    const broken = new Promise<unknown>((resolve) => process.on("unhandledRejection", resolve));
    const taken = orThrow(await takeSnapshot(settings, source, target, header, broken));
    const seconds = Math.round((performance.now() - beganMs) / 1_000);
    report(context, options.json, { ...taken, seconds }, [
      `block ${taken.number}  ${taken.hash}`,
      `checked by certificates, proof of work and state root, in ${seconds} s`,
      `start it with: festina start --config ${options.config}`,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
