import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

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
    execFileSync("tar", ["xzf", archive, "-C", partial]);
    // Another process may have been faster; its copy is as good.
    if (existsSync(unpacked)) rmSync(partial, { recursive: true });
    else renameSync(partial, unpacked);
  }
  return unpacked;
}

export function warnMissingVectors(suite: string): void {
  console.warn(
    `SKIPPED ${suite}: no outside vectors; put them at ../shared/vectors or name their folder in FESTINA_VECTORS`,
  );
}
