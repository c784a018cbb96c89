// What the repository holds: tracked files and those about to be, without what .gitignore names.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

const TEXT_FILE = /(?:^|\/)[^./]+$|\.(?:ts|tsx|mts|mjs|js|json|md|sol|html|css|sh|yml|yaml|txt|npmrc|gitignore)$/;

/** Paths relative to the repository's root, sorted. */
export function listFiles(): readonly string[] {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  const { status, stdout, stderr } = spawnSync("git", args, { cwd: repositoryRoot, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ls-files: ${stderr}`);
  return stdout
    .split("\0")
    .filter((path) => path !== "")
    .sort();
}

export function isText(path: string): boolean {
  return TEXT_FILE.test(path);
}

/** The file's text, or `null` when it is tracked but was just removed from disk. */
export function readText(path: string): string | null {
  try {
    return readFileSync(join(repositoryRoot, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
