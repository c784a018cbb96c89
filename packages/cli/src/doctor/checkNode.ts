// The folder of a node: its keys with what they have signed, and its data.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  createFileDisk,
  createSignatureSuite,
  createSystemClock,
  loadOrCreateNodeKey,
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
import { type Finding, finding, looking, messageOf } from "./finding.ts";

export interface DataOptions {
  /** Newest blocks to look through. */
  readonly blocks: number;
}

/** Without a chain the node is new, and so is its key. */
async function checkNodeKey(file: string, hasChain: boolean): Promise<Finding> {
  if (!existsSync(file))
    return hasChain
      ? finding(
          "keys",
          "warn",
          `node key ${file} is gone: the next start makes another, and peers that know this node by its id do not know it any more; put it back from a copy, or tell them`,
        )
      : finding("keys", "ok", `no node key ${file} yet; the first start makes it`);
  // Before it is read: who reads it closes it to others.
  const isOpen = (statSync(file).mode & 0o077) !== 0;
  try {
    const { nodeId } = await loadOrCreateNodeKey(file);
    return isOpen
      ? finding("keys", "warn", `node key ${file} could be read by other users until now; chmod 600 its copies, too`)
      : finding("keys", "ok", `node key ${file} of ${nodeId}`);
  } catch (error) {
    const isRefused = (error as { code?: unknown }).code === "NODE_KEY_FAILED";
    const cure = isRefused
      ? "it must be the file of the user that runs the node (chown)"
      : "put it back from a copy, or move it away: the next start makes another";
    return finding("keys", "bad", `${messageOf(error)}; ${cure}`);
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
    const isGone = (error as { code?: unknown }).code === "KEY_FILE_UNREADABLE";
    const cure = isGone
      ? "; put it back from a copy, with its signing record: without it the seat can neither vote nor leave"
      : "";
    return [finding("keys", "bad", `${messageOf(error)}${cure}`)];
  }
}

export async function checkKeys(
  { network, validator, dataDir }: NodeConfig,
  { isRunning, hasChain }: { readonly isRunning: boolean; readonly hasChain: boolean },
  passwordFile: string | undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  if (network !== null) findings.push(await checkNodeKey(network.nodeKeyFile, hasChain));
  if (validator === null) return findings;
  findings.push(...(await checkSeat(validator, passwordFile)));
  const folder = "keyFolder" in validator ? validator.keyFolder : dataDir;
  if (folder !== null && existsSync(folder) && !isRunning)
    findings.push(...(await looking("keys", () => checkSigned(folder))));
  return findings;
}

type OpenedData = Awaited<ReturnType<typeof openLevelStore>>;

/** `running` when a process has the folder open. @throws OperationError when it does not open */
export async function openData(config: NodeConfig): Promise<OpenedData | "none" | "running"> {
  const folder = config.dataDir === null ? null : join(config.dataDir, "chain");
  if (folder === null || !existsSync(folder)) return "none";
  try {
    return await openLevelStore(folder);
  } catch (error) {
    if (error instanceof OperationError && error.code === "STORE_LOCKED") return "running";
    throw error;
  }
}

/** By what the database says of a store that does not open, or breaks off while it is read. */
function troubleOf(error: unknown): "space" | "permission" | "damage" {
  const said = messageOf(error);
  if (/no space left|quota/i.test(said)) return "space";
  return /permission denied|read-only|not permitted/i.test(said) ? "permission" : "damage";
}

/** Rebuilding tables helps, or at least does no harm. */
export const isMendable = (error: unknown): boolean => troubleOf(error) === "damage";

/** `isRepaired`: the tables were rebuilt a moment ago. */
export function describeBroken(error: unknown, isRepaired: boolean): Finding {
  const cures = {
    space: "free some space first: nothing is lost",
    permission: "give the folder and all in it to the user that runs the node (chown -R): nothing is lost",
    damage: isRepaired
      ? START_ANEW
      : `festina doctor --repair rebuilds its tables from what can be read; where that is too little, ${START_ANEW}`,
  };
  return finding("data", "bad", `${messageOf(error)}; ${cures[troubleOf(error)]}`);
}

/** What is lost of the chain the others have. A seat's record may lie there, too. */
const START_ANEW = "delete the folder chain in dataDir, and nothing else, and start again: the node fetches it anew";

/** Of a stopped node. @throws OperationError when the store itself fails */
export function checkChain(spec: ChainSpec, store: OpenedData, { blocks }: DataOptions): readonly Finding[] {
  const { head, from, findings, refusal, format, isToConvert } = checkData(
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
  if (refusal !== null) return [finding("data", "bad", refusal)];
  if (findings.length > 0) return findings.map((what) => finding("data", "bad", `${what}; ${START_ANEW}`));
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
