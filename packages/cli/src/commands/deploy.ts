import { readFileSync } from "node:fs";
import { hexToBytes, isHex } from "@festina/primitives";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, connect, orThrow, report } from "./context.ts";
import { type SenderOptions, sendCall, waitForReceipt } from "./sender.ts";

export interface DeployOptions extends SenderOptions {
  readonly rpc?: string;
  /** Constructor arguments, ABI-encoded. */
  readonly args?: string;
  readonly value?: string;
  readonly json?: boolean;
}

/** The creation code in a file: plain hex, or the JSON artifact of solc, Hardhat or Foundry. */
function loadCreationCode(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    throw new CliError("FILE_UNREADABLE", `cannot read ${file}`);
  }
  const prefixed = (code: string): string => (code.startsWith("0x") ? code : `0x${code}`);
  if (!text.startsWith("{")) return prefixed(text);
  try {
    const { bytecode } = JSON.parse(text) as { bytecode?: string | { object?: string } };
    return prefixed((typeof bytecode === "string" ? bytecode : bytecode?.object) ?? "");
  } catch {
    return "";
  }
}

/** `festina deploy FILE`: creates a contract and prints its address. */
export async function deploy(context: CommandContext, file: string, options: DeployOptions): Promise<void> {
  const client = connect(options);
  const code = loadCreationCode(file);
  if (!isHex(code) || code.length < 4) {
    throw new CliError(
      "ARTIFACT_INVALID",
      `${file} holds no linked creation code; expected hex or a JSON artifact with "bytecode"`,
    );
  }
  const args = options.args ?? "0x";
  if (!isHex(args)) throw new CliError("ARGUMENTS_INVALID", "--args is not 0x and hex digits");
  const data = hexToBytes(code + args.slice(2));
  const call = { to: null, valueWei: orThrow(parseAmount(options.value ?? "0")), data };
  const receipt = await waitForReceipt(client, await sendCall(client, options, call));
  if (receipt.status !== "0x1")
    throw new CliError("REVERTED", `the constructor reverted (transaction ${receipt.transactionHash})`);
  report(context, options.json, receipt, [
    `${receipt.contractAddress}`,
    `final in block ${Number(receipt.blockNumber)}, ${Number(receipt.gasUsed)} gas`,
  ]);
}
