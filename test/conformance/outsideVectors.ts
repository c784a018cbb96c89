import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The project's folder, from wherever below it this runs. */
function findRoot(from: string): string {
  return existsSync(join(from, "package-lock.json")) ? from : findRoot(dirname(from));
}

/**
 * Outside test data: the folder FESTINA_VECTORS names, or `../shared/vectors` beside the project. It is never part of
 * the project, so a test that needs it says loudly when it is missing.
 */
export function vectorsFolder(): string | null {
  const folder = process.env["FESTINA_VECTORS"] ?? join(ROOT, "../shared/vectors");
  return existsSync(join(folder, "ethereum-tests.tar.gz")) ? folder : null;
}

/** The unpacked Ethereum test archive; unpacked once and kept in the cache folder. `null` when there is no archive. */
export function ethereumTestsFolder(): string | null {
  const folder = vectorsFolder();
  if (folder === null) return null;
  const archive = join(folder, "ethereum-tests.tar.gz");
  const { size, mtimeMs } = statSync(archive);
  const unpacked = join(ROOT, "node_modules/.cache", `ethereum-tests-${size}-${Math.floor(mtimeMs)}`);
  if (!existsSync(unpacked)) {
    const partial = `${unpacked}.${process.pid}`;
    mkdirSync(partial, { recursive: true });
    unpack(archive, partial);
    // Another process may have been faster; its copy is as good.
    if (existsSync(unpacked)) rmSync(partial, { recursive: true });
    else renameSync(partial, unpacked);
  }
  return unpacked;
}

/** Anything that tar reads; the folder is there. @throws Error when tar cannot */
export function unpack(archive: string, folder: string): void {
  execFileSync("tar", ["xf", archive, "-C", folder]);
}

export function warnMissingVectors(suite: string): void {
  console.warn(
    `SKIPPED ${suite}: no outside vectors; put them at ../shared/vectors or name their folder in FESTINA_VECTORS`,
  );
}
