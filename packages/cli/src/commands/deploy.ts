import { readFileSync } from "node:fs";
import { hexToBytes, isHex } from "@festina/primitives";
import type { Abi } from "viem";
import { abiOf, encodeConstructor } from "../abi/contractAbi.ts";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, connect, orThrow, report } from "./context.ts";
import { type SenderOptions, sendAndWait } from "./sender.ts";

export interface DeployOptions extends SenderOptions {
  readonly rpc?: string;
  /** Which contract of a Solidity file. */
  readonly contract?: string;
  /** Constructor arguments, ABI-encoded. */
  readonly args?: string;
  readonly value?: string;
  readonly json?: boolean;
}

interface Creation {
  readonly code: string;
  readonly abi: Abi | null;
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
  if (!text.startsWith("{")) return { code: prefixed(text), abi: null };
  try {
    const { bytecode } = JSON.parse(text) as { bytecode?: string | { object?: string } };
    return { code: prefixed((typeof bytecode === "string" ? bytecode : bytecode?.object) ?? ""), abi: abiOf(text) };
  } catch {
    return { code: "", abi: null };
  }
}

async function compileContract(file: string, wanted: string | undefined): Promise<Creation> {
  const { compileFile } = await import("../solidity/compileFile.ts");
  const contracts = await compileFile(file);
  const names = contracts.map(({ name }) => name).join(", ");
  if (wanted === undefined && contracts.length > 1)
    throw new CliError("CONTRACT_UNCLEAR", `${file} holds ${names}; name one with --contract`, 2);
  const found = wanted === undefined ? contracts[0] : contracts.find(({ name }) => name === wanted);
  if (found === undefined)
    throw new CliError(
      "CONTRACT_UNKNOWN",
      `${file} holds no contract to deploy of that name; it has ${names || "none"}`,
    );
  return { code: found.bytecode, abi: found.abi };
}

async function encodeArguments(
  { abi }: Creation,
  texts: readonly string[],
  encoded: string | undefined,
): Promise<string> {
  if (encoded !== undefined) {
    if (!isHex(encoded)) throw new CliError("ARGUMENTS_INVALID", "--args is not 0x and hex digits");
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
  const creation = file.endsWith(".sol") ? await compileContract(file, options.contract) : loadCreation(file);
  if (!isHex(creation.code) || creation.code.length < 4) {
    throw new CliError(
      "ARTIFACT_INVALID",
      `${file} holds no linked creation code; expected Solidity (.sol), hex, or a JSON artifact with "bytecode"`,
    );
  }
  const args = await encodeArguments(creation, texts, options.args);
  const data = hexToBytes(creation.code + args.slice(2));
  const call = { to: null, valueWei: orThrow(parseAmount(options.value ?? "0")), data };
  const receipt = await sendAndWait(client, options, call);
  report(context, options.json, receipt, [
    `${receipt.contractAddress}`,
    `final in block ${Number(receipt.blockNumber)}, ${Number(receipt.gasUsed)} gas`,
  ]);
}
