import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EngineCase, formatEngineCase } from "@festina/tvm";

/** More than anybody looks at; whoever can break an engine at will must not fill the disk. */
const CASES_MAX = 32;
const CASE_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Keeps a call that engines broke on, or differ in, as a file: each once, under the hash of its text.
 * @returns the file, or why there is none: a disk that fails must not end what goes on without it
 */
export function saveEngineCase(folder: string, saved: EngineCase): string {
  try {
    const text = formatEngineCase(saved);
    if (text.length > CASE_BYTES_MAX) return `not kept: ${text.length} bytes`;
    const file = join(folder, `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
    if (existsSync(file)) return file;
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length >= CASES_MAX) return `not kept: ${folder} is full`;
    writeFileSync(file, text);
    return file;
  } catch (error) {
    return `not kept: ${String(error)}`;
  }
}
