// The folder of a node: its keys with what they have signed, and its data.
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  createFileDisk,
  createSignatureSuite,
  createSystemClock,
  openLevelStore,
  repairLevelStore,
} from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import {
  checkData,
  MIGRATION_STEPS,
  migrateData,
  type NodeConfig,
  openJournal,
  openRecordFile,
  SILENT_LOG,
  type ValidatorKeys,
} from "@festina/node";
import { OperationError } from "@festina/primitives";
import { loadPlainKey } from "../commands/sender.ts";
import { openSeatFolder, readSeatFolder } from "../seat/seatFolder.ts";
import type { Finding } from "./finding.ts";

export interface DataOptions {
  /** Newest blocks to look through. */
  readonly blocks: number;
}

const finding = (check: Finding["check"], verdict: Finding["verdict"], message: string): Finding => ({
  check,
  verdict,
  message,
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function checkSecretFile(file: string, what: string): Finding {
  try {
    accessSync(file, constants.R_OK);
    const isOpen = (statSync(file).mode & 0o077) !== 0;
    return isOpen
      ? finding("keys", "warn", `${what} ${file} can be read by other users; chmod 600 it`)
      : finding("keys", "ok", `${what} ${file}`);
  } catch {
    return finding("keys", "bad", `${what} ${file} cannot be read`);
  }
}

/** Opening a journal cuts the torn tail that a crash left, which is all the repair that it needs. */
function checkSigned(folder: string): readonly Finding[] {
  const disk = createFileDisk(folder);
  const record = openRecordFile(disk);
  const journal = openJournal(disk);
  const silence = "the node will follow without voting until the epoch is over";
  const { kind } = journal.verdict;
  const isUsed = record.current.epoch > 0 || record.current.view > 0;
  record.close();
  journal.close();
  return [
    record.state === "whole"
      ? finding("keys", "ok", `signing.record in ${folder} is whole`)
      : finding("keys", "warn", `signing.record in ${folder} is ${record.state}; ${silence}`),
    kind === "damaged" || (kind === "missing" && isUsed)
      ? finding("keys", "warn", `consensus.journal in ${folder} is ${kind}; ${silence}`)
      : finding("keys", "ok", `consensus.journal in ${folder} is ${kind === "missing" ? "not begun" : "whole"}`),
  ];
}

async function checkSeat(keys: ValidatorKeys, passwordFile: string | undefined): Promise<readonly Finding[]> {
  try {
    if ("signingKeyFile" in keys) {
      for (const file of [keys.signingKeyFile, keys.ownerKeyFile]) loadPlainKey(file);
      return [finding("keys", "warn", "the seat's keys are plain files; festina validator keys makes encrypted ones")];
    }
    const { keyFolder } = keys;
    const file = passwordFile ?? keys.passwordFile ?? undefined;
    const { address } = readSeatFolder(keyFolder);
    if (file === undefined && process.env["FESTINA_PASSWORD"] === undefined)
      return [finding("keys", "ok", `seat keys of ${address} in ${keyFolder}; no password at hand to open them`)];
    await openSeatFolder(keyFolder, file === undefined ? {} : { passwordFile: file });
    return [finding("keys", "ok", `seat keys of ${address} in ${keyFolder} open with the password`)];
  } catch (error) {
    return [finding("keys", "bad", messageOf(error))];
  }
}

export async function checkKeys(
  { network, validator, dataDir }: NodeConfig,
  isRunning: boolean,
  passwordFile: string | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  if (network !== null && existsSync(network.nodeKeyFile))
    findings.push(checkSecretFile(network.nodeKeyFile, "node key"));
  if (validator === null) return findings;
  findings.push(...(await checkSeat(validator, passwordFile)));
  const folder = "keyFolder" in validator ? validator.keyFolder : dataDir;
  if (folder !== null && existsSync(folder) && !isRunning) findings.push(...checkSigned(folder));
  return findings;
}

type OpenedData = Awaited<ReturnType<typeof openLevelStore>>;

/** `running` when a process has the folder open. */
export async function openData(config: NodeConfig): Promise<OpenedData | "none" | "running" | Finding> {
  const folder = config.dataDir === null ? null : join(config.dataDir, "chain");
  if (folder === null || !existsSync(folder)) return "none";
  try {
    return await openLevelStore(folder);
  } catch (error) {
    if (error instanceof OperationError && error.code === "STORE_LOCKED") return "running";
    return finding("data", "bad", `${messageOf(error)}; festina doctor --repair tries to mend its tables`);
  }
}

/** Of a stopped node. @throws OperationError when the store itself fails */
export function checkChain(spec: ChainSpec, store: OpenedData, { blocks }: DataOptions): readonly Finding[] {
  const { head, from, findings, format, isToConvert } = checkData(
    spec,
    store,
    createSignatureSuite(spec.signatureSuite),
    blocks,
  );
  if (isToConvert)
    return [
      finding(
        "data",
        "warn",
        `data format ${format} of an earlier version, or half converted; festina start converts it, and so does festina doctor --repair`,
      ),
    ];
  const cure = "delete the data folder and start again: the node fetches it anew, and the seat's keys do not lie in it";
  if (findings.length > 0) return findings.map((what) => finding("data", "bad", `${what}; ${cure}`));
  if (head === null) return [finding("data", "ok", "no chain yet; the first start fetches it")];
  if (head === 0) return [finding("data", "ok", `no block yet but the genesis; data format ${format}`)];
  return [
    finding(
      "data",
      "ok",
      `blocks ${from} to ${head}, their places, certificates and the newest state are whole; data format ${format}`,
    ),
  ];
}

/** Brings an earlier version's tables up to date; `null` where they are. @throws OperationError when the store itself fails */
export async function convertData(store: OpenedData): Promise<Finding | null> {
  try {
    const from = await migrateData(store, { log: SILENT_LOG, clock: createSystemClock(), steps: MIGRATION_STEPS });
    return from === null ? null : finding("data", "ok", `the tables were converted from data format ${from}`);
  } catch (error) {
    // What cannot be converted is told by who looks through the data.
    if (error instanceof OperationError && error.code === "DATA_FORMAT") return null;
    throw error;
  }
}

/** Mends the tables of a store that does not open. What was in a broken block of a table is lost. */
export async function repairData(config: NodeConfig): Promise<Finding> {
  const folder = join(config.dataDir ?? ".", "chain");
  try {
    await repairLevelStore(folder);
    return finding("data", "warn", `the tables in ${folder} were rebuilt from what could be read`);
  } catch (error) {
    return finding("data", "bad", messageOf(error));
  }
}
