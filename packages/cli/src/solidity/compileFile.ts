// Solidity by npm's solc, in a process of its own: it takes 100 MB, and installs handlers for uncaught errors.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { Abi } from "viem";
import { CliError } from "../output/cliError.ts";
import type { LinkReferences } from "./linkLibraries.ts";

export interface CompiledContract {
  readonly name: string;
  readonly abi: Abi;
  /** Creation code, `0x` and hex digits; with gaps where `linkReferences` says so. */
  readonly bytecode: string;
  readonly linkReferences: LinkReferences;
  readonly isLibrary: boolean;
}

interface SolcAnswer {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { abi: Abi; evm: { bytecode: { object: string; linkReferences?: LinkReferences } } }>>
    >
  >;
}

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/** Imports are files beside the source, or in packages that it can reach; only the latter where `reach` says so. */
const SOLC = `
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { isAbsolute } = require("node:path");
const [, solc, root, reach] = process.argv;
const near = createRequire(root);
const isPackage = (path) => /^@?[a-z0-9][\\w.-]*[/]/i.test(path) && !path.split("/").includes("..");
const read = (path) => {
  try {
    if (reach === "packages" && !isPackage(path)) return { error: "only packages can be imported here" };
    return { contents: readFileSync(isAbsolute(path) ? path : near.resolve(path), "utf8") };
  } catch {
    return { error: "not found beside the source, nor in its node_modules" };
  }
};
process.stdout.write(require(solc).compile(readFileSync(0, "utf8"), { import: read }));`;

/** @throws CliError COMPILER_MISSING, COMPILER_FAILED */
function runSolc(root: string, input: string, reach: "all" | "packages"): Promise<string> {
  let solc: string;
  try {
    solc = createRequire(import.meta.url).resolve("solc");
  } catch {
    throw new CliError("COMPILER_MISSING", "npm's solc is not installed; run npm install");
  }
  const child = spawn(process.execPath, ["-e", SOLC, solc, root, reach], { timeout: TIMEOUT_MS });
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((done, reject) => {
    const failed = (): void => reject(new CliError("COMPILER_FAILED", "the Solidity compiler ended without an answer"));
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > ANSWER_BYTES_MAX) child.kill();
      else chunks.push(chunk);
    });
    child.on("error", failed);
    child.stdin.on("error", () => undefined);
    child.on("close", (code) => (code === 0 ? done(Buffer.concat(chunks).toString("utf8")) : failed()));
    child.stdin.end(input);
  });
}

/** @throws CliError COMPILER_MISSING, COMPILER_FAILED, SOLIDITY_INVALID */
async function compile(
  { path, content, name }: { readonly path: string; readonly content: string; readonly name: string },
  reach: "all" | "packages",
): Promise<readonly CompiledContract[]> {
  const settings = {
    evmVersion: "osaka",
    optimizer: { enabled: true, runs: 200 },
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "evm.bytecode.linkReferences"] } },
  };
  const input = JSON.stringify({ language: "Solidity", sources: { [path]: { content } }, settings });
  const answer = JSON.parse(await runSolc(path, input, reach)) as SolcAnswer;
  const errors = (answer.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new CliError(
      "SOLIDITY_INVALID",
      `${name} does not compile:\n${errors.map(({ formattedMessage }) => formattedMessage.trim()).join("\n")}`,
    );
  return Object.entries(answer.contracts?.[path] ?? {})
    .filter(([, { evm }]) => evm.bytecode.object !== "")
    .map(([name, { abi, evm }]) => ({
      ...{ name, abi },
      bytecode: `0x${evm.bytecode.object}`,
      linkReferences: evm.bytecode.linkReferences ?? {},
      // Its ABI does not tell, and a library of internal functions has code, too.
      isLibrary: new RegExp(`\\blibrary\\s+${name.replaceAll("$", "\\$")}\\b`).test(content),
    }));
}

/**
 * The contracts of one file that can be deployed, in the file's order.
 * @throws CliError FILE_UNREADABLE, COMPILER_MISSING, COMPILER_FAILED, SOLIDITY_INVALID
 */
export async function compileFile(file: string): Promise<readonly CompiledContract[]> {
  const path = resolve(file);
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read ${file}`);
  }
  return compile({ path, content, name: file }, "all");
}

/** The same of a text that came from elsewhere: no file is read for it but those of installed packages. */
export function compileText(content: string): Promise<readonly CompiledContract[]> {
  return compile({ path: resolve("Source.sol"), content, name: "the source" }, "packages");
}
