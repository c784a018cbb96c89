// Where tests lie: this project's archive, a checkout of ethereum/tests, unpacked fixtures of execution-spec-tests, or any
// folder of such files.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const DEPTH_MAX = 5;

/** Folders with one of these names, wherever they lie; the whole folder when there is none, or it is one itself. */
export function foldersNamed(root: string, names: readonly string[]): readonly string[] {
  if (names.includes(basename(root))) return [root];
  const found: string[] = [];
  const look = (folder: string, depth: number): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (names.includes(entry.name)) found.push(path);
      else if (depth < DEPTH_MAX) look(path, depth + 1);
    }
  };
  look(root, 1);
  return found.sort();
}

export function jsonFiles(folder: string, only: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json") && !basename(file).startsWith(".") && join(folder, file).includes(only))
    .sort()
    .map((file) => join(folder, file));
}

/** The tests of a file by name; none when it holds something else. */
export function readTests(file: string): readonly (readonly [string, Readonly<Record<string, unknown>>])[] {
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof content !== "object" || content === null || Array.isArray(content)) return [];
  return Object.entries(content).filter(
    (entry): entry is [string, Record<string, unknown>] => typeof entry[1] === "object" && entry[1] !== null,
  );
}

/** What is looked for by a suite whose folders other collections name differently. */
export function testFilesOf(root: string, names: readonly string[], only: string): readonly string[] {
  const folders = foldersNamed(root, names);
  return (folders.length === 0 ? [root] : folders).flatMap((folder) => jsonFiles(folder, only));
}
