import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { hexToBytes, isHex } from "@festina/primitives";
import type { Abi } from "viem";
import { abiOf, encodeConstructor } from "../abi/contractAbi.ts";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import type { CompiledContract } from "../solidity/compileFile.ts";
import { type LinkReferences, linkLibraries, parseLibraries, readReferences } from "../solidity/linkLibraries.ts";
import { type CommandContext, connect, report, typed } from "./context.ts";
import { type SenderOptions, sendAndWait } from "./sender.ts";

export interface DeployOptions extends SenderOptions {
  readonly rpc?: string;
  /** Which contract of a Solidity file. */
  readonly contract?: string;
  /** Constructor arguments, ABI-encoded. */
  readonly args?: string;
  /** `Name=0x...` each. */
  readonly library?: readonly string[];
  readonly value?: string;
  readonly json?: boolean;
}

interface Creation {
  readonly code: string;
  readonly abi: Abi | null;
  readonly references: LinkReferences;
}

interface RawCode {
  readonly object?: string;
  readonly linkReferences?: LinkReferences;
}

/** Hardhat keeps code and references side by side, Foundry together, solc one deeper. */
interface RawArtifact {
  readonly bytecode?: string | RawCode;
  readonly linkReferences?: LinkReferences;
  readonly evm?: { readonly bytecode?: RawCode };
}

/** The creation code in a file: plain hex, or the JSON artifact of solc, Hardhat or Foundry. */
function loadCreation(file: string): Creation {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read ${file}`);
  }
  const prefixed = (code: string): string => (code.startsWith("0x") ? code : `0x${code}`);
  if (!text.startsWith("{")) return { code: prefixed(text), abi: null, references: {} };
  try {
    const { bytecode, linkReferences, evm } = JSON.parse(text) as RawArtifact;
    const found: RawCode =
      typeof bytecode === "string" ? { object: bytecode } : (bytecode ?? evm?.bytecode ?? { object: "" });
    return {
      code: prefixed(found.object ?? ""),
      abi: abiOf(text),
      references: readReferences(found.linkReferences ?? linkReferences),
    };
  } catch {
    return { code: "", abi: null, references: {} };
  }
}

/** Of several: the only one that is no library, else the one that is called like the file. */
function likeliest(contracts: readonly CompiledContract[], file: string): CompiledContract | undefined {
  const whole = contracts.filter(({ isLibrary }) => !isLibrary);
  if (contracts.length === 1) return contracts[0];
  return whole.length === 1 ? whole[0] : whole.find(({ name }) => name === basename(file, ".sol"));
}

async function compileContract(file: string, wanted: string | undefined): Promise<Creation> {
  const { compileFile } = await import("../solidity/compileFile.ts");
  const contracts = await compileFile(file);
  const names = contracts.map(({ name }) => name).join(", ");
  const found = wanted === undefined ? likeliest(contracts, file) : contracts.find(({ name }) => name === wanted);
  if (found !== undefined) return { code: found.bytecode, abi: found.abi, references: found.linkReferences };
  if (wanted === undefined && contracts.length > 1)
    throw new CliError("CONTRACT_UNCLEAR", `${file} holds ${names}; name one with --contract`, EXIT.usage);
  const what = wanted === undefined ? "to deploy" : `${wanted} to deploy`;
  throw new CliError(
    "CONTRACT_UNKNOWN",
    `${file} holds no contract ${what}${names === "" ? ": interfaces and abstract contracts have no code" : `; it has ${names}`}`,
    wanted === undefined ? EXIT.failed : EXIT.usage,
  );
}

async function encodeArguments(
  { abi }: Creation,
  texts: readonly string[],
  encoded: string | undefined,
): Promise<string> {
  if (encoded !== undefined) {
    if (!isHex(encoded)) throw new CliError("ARGUMENTS_INVALID", "--args is not 0x and hex digits", EXIT.usage);
    if (texts.length > 0)
      throw new CliError(
        "ARGUMENTS_INVALID",
        "give the constructor's arguments once: as words or by --args",
        EXIT.usage,
      );
    return encoded;
  }
  if (abi !== null) return encodeConstructor(abi, texts);
  if (texts.length > 0)
    throw new CliError(
      "ABI_MISSING",
      "the file has no ABI to encode arguments by; give them encoded with --args HEX",
      2,
    );
  return "0x";
}

/** `festina deploy FILE [ARGUMENTS]`: compiles what is Solidity, creates the contract and prints its address. */
export async function deploy(
  context: CommandContext,
  file: string,
  texts: readonly string[],
  options: DeployOptions,
): Promise<void> {
  const client = connect(options);
  const libraries = parseLibraries(options.library ?? []);
  const creation = file.endsWith(".sol") ? await compileContract(file, options.contract) : loadCreation(file);
  const code = linkLibraries(creation, libraries, file);
  if (!isHex(code) || code.length < 4) {
    throw new CliError(
      "ARTIFACT_INVALID",
      `${file} holds no linked creation code; expected Solidity (.sol), hex, or a JSON artifact with "bytecode"`,
    );
  }
  const args = await encodeArguments(creation, texts, options.args);
  const data = hexToBytes(code + args.slice(2));
  const call = { to: null, valueWei: typed(parseAmount(options.value ?? "0")), data };
  const receipt = await sendAndWait(client, options, call);
  report(context, options.json, receipt, [
    `${receipt.contractAddress}`,
    `final in block ${Number(receipt.blockNumber)}, ${Number(receipt.gasUsed)} gas`,
  ]);
}
