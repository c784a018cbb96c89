import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { decodeTruehashTable, encodeTruehashTable, expandTruehashTable, type TruehashTable } from "@festina/snailchain";

const DIGEST_BYTES = 32;
const SUFFIX = ".truehash";
/** This epoch's, the next one's, and two of branches or of the past. */
const FILES_KEPT = 4;

export function dataSetFile(folder: string, powKey: string): string {
  return join(folder, `${powKey.slice(2)}${SUFFIX}`);
}

/** SHA3-256 of the 8 MiB: what miners and pools compare. */
export function digestOf(table: TruehashTable): Uint8Array {
  return createHash("sha3-256").update(expandTruehashTable(table)).digest();
}

/** A kept table; `null` when there is none, or it is damaged, or the disk refuses: it is then made again. */
export function readDataSet(file: string): TruehashTable | null {
  try {
    const bytes = readFileSync(file);
    const table = decodeTruehashTable(bytes.subarray(DIGEST_BYTES));
    return table !== null && bytes.subarray(0, DIGEST_BYTES).equals(digestOf(table)) ? table : null;
  } catch {
    return null;
  }
}

/** The digest and the table's ones; the oldest files go. @returns why it was not kept, or `null` */
export function writeDataSet(file: string, table: TruehashTable): string | null {
  const folder = dirname(file);
  const partial = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(partial, Buffer.concat([digestOf(table), encodeTruehashTable(table)]));
    renameSync(partial, file);
    const others = readdirSync(folder)
      .filter((name) => name.endsWith(SUFFIX) && name !== basename(file))
      .map((name) => ({ path: join(folder, name), mtimeMs: statSync(join(folder, name)).mtimeMs }))
      .sort((a, b) => b.mtimeMs - a.mtimeMs);
    for (const { path } of others.slice(FILES_KEPT - 1)) rmSync(path, { force: true });
    return null;
  } catch (error) {
    return String(error);
  }
}

export function isDataSetKept(file: string): boolean {
  return existsSync(file);
}
