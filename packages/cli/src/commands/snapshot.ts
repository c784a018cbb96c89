// `festina snapshot export|import`: a node's chain in one file, and a node that begins by it without any peer.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
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
import { bytesToHex, type Hash32 } from "@festina/primitives";
import { specHash } from "@festina/types";
import { readBundleFile } from "../networks/findNetwork.ts";
import { BOOTNODES_MAX, formatBundle } from "../networks/networkBundle.ts";
import { loadChainSpec, loadNodeConfig } from "../nodeFiles.ts";
import { CliError } from "../output/cliError.ts";
import { createFreshDisk, createRealAdapters } from "../realAdapters.ts";
import { type CommandContext, orThrow, report } from "./context.ts";

export interface ExportOptions {
  readonly config: string;
  /** The network's bundle, which then names this snapshot; made when it is missing. */
  readonly bundle?: string;
  readonly json?: boolean;
}

export interface ImportOptions {
  readonly config: string;
  /** The newest block's, told by somebody whom the user trusts. */
  readonly headHash?: string;
  /** The file's, likewise. */
  readonly digest?: string;
  readonly json?: boolean;
}

/** What a file must be, as far as somebody who is trusted has told. */
type Wanted = Pick<ImportOptions, "headHash" | "digest">;

type KeyValueStore = Awaited<ReturnType<typeof openLevelStore>>;

const IMPORT_FOLDER = "snapshot-import";

function loadFolder(file: string): { readonly config: NodeConfig; readonly dataDir: string; readonly spec: ChainSpec } {
  const config = loadNodeConfig(file);
  if (config.dataDir === null) throw new CliError("DATA_DIR_MISSING", "this node keeps nothing on disk");
  return { config, dataDir: config.dataDir, spec: loadChainSpec(config.chainSpecFile) };
}

/** One that is there must be of the same network; a new one knows the nodes that this one knows. */
async function bundleFor(file: string, { network }: NodeConfig, spec: ChainSpec) {
  const known = [...new Set([...(network?.bootnodes ?? []), ...(network?.peers ?? [])])].slice(0, BOOTNODES_MAX);
  if (!existsSync(file)) return { file, network: { spec, bootnodes: known } };
  const found = await readBundleFile(file);
  if (specHash(found.spec) !== specHash(spec))
    throw new CliError("BUNDLE_OF_ANOTHER_NETWORK", `${file} is of the network ${found.spec.name}`);
  return { file, network: found };
}

/** Whoever reads it meanwhile gets all of the one or all of the other. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

const beginBy = (bundle: string, file: string): string =>
  `festina init --network ${bundle} --snapshot ${file} --data-dir FOLDER`;

/** `festina snapshot export OUT --config FILE`: all that a stopped node holds of its chain. */
export async function exportSnapshot(context: CommandContext, file: string, options: ExportOptions): Promise<void> {
  const { config, dataDir, spec } = loadFolder(options.config);
  const bundle = options.bundle === undefined ? null : await bundleFor(options.bundle, config, spec);
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
    const { headNumber, headHash } = header;
    const mark = { headNumber, headHash, digest: digest as Hash32 };
    if (bundle !== null) replaceFile(bundle.file, await formatBundle({ ...bundle.network, snapshot: mark }));
    report(context, options.json, { file, entries, ...header, bytes: output.bytesWritten, digest }, [
      `block ${header.headNumber}  ${header.headHash}`,
      `${entries} entries, ${output.bytesWritten} bytes written to ${file}`,
      `SHA-256 of its content  ${digest}`,
      ...(bundle === null ? [] : [`${bundle.file} names it; others begin by both: ${beginBy(bundle.file, file)}`]),
    ]);
  } finally {
    output.destroy();
    if (isOurs && !isWhole) rmSync(file, { force: true });
    await store.close();
  }
}

/** @throws CliError where the file is not what it should be */
async function unpack(file: string, store: KeyValueStore, spec: ChainSpec, wanted: Wanted) {
  let found = "";
  const hash = createHash("sha256");
  const digest = {
    update: (bytes: Uint8Array) => void hash.update(bytes),
    digest: () => {
      const bytes = new Uint8Array(hash.digest());
      found = bytesToHex(bytes);
      return bytes;
    },
  };
  const pieces = createReadStream(file, { highWaterMark: 1_024 * 1_024 });
  const unpacked = await unpackSnapshot(pieces, digest, store, spec).catch((error: NodeJS.ErrnoException) => {
    if (error.path === file || error.syscall === "read")
      throw new CliError("FILE_UNREADABLE", `cannot read ${file}: ${error.message}`);
    throw error;
  });
  const header = orThrow(unpacked);
  const { headHash, digest: named } = wanted;
  if (named !== undefined && named.toLowerCase() !== found)
    throw new CliError(
      "SNAPSHOT_DIGEST_MISMATCH",
      `${file} is whole, but another snapshot than the one wanted: the SHA-256 of its content is ${found}, not ${named}`,
    );
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

export interface Beginning {
  readonly config: NodeConfig;
  readonly dataDir: string;
  readonly spec: ChainSpec;
  readonly wanted: Wanted;
  readonly isSilent: boolean;
}

/** A folder's chain begins by a file, as if a peer had served it. @throws CliError, OperationError */
export async function beginByFile(file: string, beginning: Beginning) {
  const { config, dataDir, spec, wanted } = beginning;
  mkdirSync(dataDir, { recursive: true });
  await requireEmpty(join(dataDir, "chain"));
  const folder = join(dataDir, IMPORT_FOLDER);
  rmSync(folder, { recursive: true, force: true });
  const beganMs = performance.now();
  try {
    const store = await openLevelStore(folder);
    const header = await unpack(file, store, spec, wanted).catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    const log = createLog(beginning.isSilent ? "silent" : config.log.level);
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
    return { ...taken, seconds: Math.round((performance.now() - beganMs) / 1_000) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `beginByFile` has done, for people. */
export function describeBeginning({ number, hash, seconds }: Awaited<ReturnType<typeof beginByFile>>, wanted: Wanted) {
  const how = wanted.digest === undefined ? "" : "the file's digest, ";
  return [`block ${number}  ${hash}`, `checked by ${how}certificates, proof of work and state root, in ${seconds} s`];
}

/** `festina snapshot import FILE --config FILE` */
export async function importSnapshot(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const taken = await beginByFile(file, {
    ...loadFolder(options.config),
    ...{ wanted: options, isSilent: options.json === true },
  });
  report(context, options.json, taken, [
    ...describeBeginning(taken, options),
    `start it with: festina start --config ${options.config}`,
  ]);
}
