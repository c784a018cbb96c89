import type { ChainSpec } from "@festina/chainspec";
import type { SignatureSuite } from "@festina/crypto";
import { OperationError } from "@festina/primitives";
import { NodeTable } from "@festina/state";
import { type KeyValueStore, STORAGE_FORMAT_VERSION } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { CommittedChain } from "../chain/committedChain.ts";
import { isOfSpec } from "../chain/openChain.ts";
import { plannedSteps, readFormat } from "../migration/migrateData.ts";
import { MIGRATION_STEPS } from "../migration/migrationSteps.ts";

export interface DataReport {
  /** Of the newest final block; `null` in a folder without a chain. */
  readonly head: number | null;
  /** The oldest block that was looked at: below it none is held, or none was asked for. */
  readonly from: number;
  /** What is damaged, a sentence each; none in a whole folder. */
  readonly findings: readonly string[];
  /** Why a whole folder is not this program's or not this chain spec's, and what to do; `null` where it is. */
  readonly refusal: string | null;
  /** Version of the tables; `null` in an empty folder. */
  readonly format: number | null;
  /** The tables are of an earlier version that can be converted; nothing else was looked at. */
  readonly isToConvert: boolean;
}

const OTHER_SPEC =
  "the chain here is of another chain spec than the configuration's, or that was changed: put back the one that it began with, or choose another dataDir";
/** More of them say nothing more. */
const FINDINGS_MAX = 20;

/** Of the store itself: nothing can be said of the chain in it. */
const isStoreFailure = (error: unknown): boolean => error instanceof OperationError && error.code.startsWith("STORE_");

interface Certificates {
  valid: number;
  invalid: number;
}

/** What is wrong with one stored block, given the hash that its child names. */
function checkBlock(
  chain: CommittedChain,
  number: number,
  hash: string,
  certificates: Certificates,
): readonly string[] {
  const stored = chain.block(number);
  if (stored === undefined) return [];
  const { block } = stored;
  const findings: string[] = [];
  if (block.hash !== hash) findings.push(`block ${number} is ${block.hash}, and not ${hash} as its child says`);
  if (chain.numberOf(block.hash) !== number) findings.push(`the hash of block ${number} leads elsewhere`);
  const lost = block.transactions.filter((transaction, index) => {
    const place = chain.locationOf(transaction.hash);
    return place?.number !== number || place.index !== index;
  });
  if (lost.length > 0) findings.push(`${lost.length} transactions of block ${number} cannot be found by their hash`);
  const found = chain.certificateFor(number);
  if (found === undefined || found.number !== number) return findings;
  if (found.certificate.blockHash !== block.hash)
    findings.push(`the certificate of block ${number} is of another block`);
  else if (chain.verifyCommitted(found.certificate) === "valid") certificates.valid += 1;
  else {
    certificates.invalid += 1;
    findings.push(`the certificate of block ${number} is not valid`);
  }
  return findings;
}

function checkBlocks(chain: CommittedChain, blocksMax: number): Pick<DataReport, "from" | "findings" | "refusal"> {
  const { head } = chain;
  const certificates: Certificates = { valid: 0, invalid: 0 };
  const findings: string[] = [];
  let hash: string = head.hash;
  let number = head.header.number;
  for (const last = Math.max(1, number - blocksMax + 1); number >= last && findings.length < FINDINGS_MAX; number--) {
    try {
      const stored = chain.block(number);
      // A chain that began by snapshot holds what it has copied since, from the newest down.
      if (stored === undefined) break;
      findings.push(...checkBlock(chain, number, hash, certificates));
      hash = stored.block.header.parentHash;
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      findings.push(`block ${number} cannot be read: ${(error as Error).message}`);
      break;
    }
  }
  // Damage does not look like that.
  if (certificates.valid === 0 && certificates.invalid > 1)
    return { from: number + 1, findings: [], refusal: OTHER_SPEC };
  return { from: number + 1, findings, refusal: null };
}

/**
 * Looks through the folder of a stopped node: its format, the newest `blocksMax` blocks with their hash links, places of
 * transactions and certificates, and the root of the newest state. Changes nothing. @throws OperationError when the store fails
 */
export function checkData(spec: ChainSpec, store: KeyValueStore, suite: SignatureSuite, blocksMax: number): DataReport {
  const format = readFormat(store);
  const { version = null } = format;
  const none = { head: null, from: 0, format: version, isToConvert: false, refusal: null };
  try {
    const planned = plannedSteps(format, MIGRATION_STEPS, STORAGE_FORMAT_VERSION);
    if (planned.length > 0) return { ...none, isToConvert: true, findings: [] };
  } catch (error) {
    return { ...none, findings: [], refusal: `data format ${version}: ${(error as Error).message}` };
  }
  const chain = new CommittedChain(store, suite, spec);
  try {
    if (!chain.load()) return { ...none, findings: [] };
  } catch (error) {
    if (isStoreFailure(error)) throw error;
    // Of a folder that has a format this was asked above.
    if (error instanceof OperationError && error.code === "DATA_FORMAT")
      return { ...none, findings: ["the folder has lost which format its data have"] };
    return { ...none, findings: [`the newest block cannot be read: ${(error as Error).message}`] };
  }
  if (!isOfSpec(chain, spec)) return { ...none, findings: [], refusal: OTHER_SPEC };
  const { header } = chain.head;
  const checked = checkBlocks(chain, blocksMax);
  const hasState = header.stateRoot === EMPTY_ROOT || new NodeTable(store).holdsState(header.stateRoot);
  const findings = hasState
    ? checked.findings
    : [...checked.findings, `the state of block ${header.number} is missing`];
  return { ...none, ...checked, head: header.number, findings };
}
