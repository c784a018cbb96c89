import { fileURLToPath } from "node:url";
import { RpcAnswerError } from "@festina/rpc";
import { CommanderError } from "commander";
import type { CommandContext } from "./commands/context.ts";
import { EXIT } from "./output/exitCodes.ts";
import { style } from "./output/style.ts";
import { createProgram } from "./program/createProgram.ts";

interface Told {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
  /** What to do about it. */
  readonly hint?: string;
}

/** The code of JSON-RPC answers to calls that reverted, as geth has it. */
const RPC_REVERTED = 3;
const METHOD_UNKNOWN = -32_601;

const DATA_SHOWN = 200;

/** What a contract gave as its reason, where it is more than the text of the message. */
function revertHint(data: unknown): string | undefined {
  if (typeof data !== "string" || data.length < 10) return undefined;
  const shown = data.length > DATA_SHOWN ? `${data.slice(0, DATA_SHOWN)}...` : data;
  return `its reason is ${shown}; festina contract call --abi FILE tells errors by name`;
}

function fromAnswer({ code, message, data }: RpcAnswerError): Told {
  if (code === RPC_REVERTED) {
    const hint = message.includes(":") ? undefined : revertHint(data);
    return { code: "REVERTED", message, exitCode: EXIT.reverted, ...(hint === undefined ? {} : { hint }) };
  }
  const told = { code: String(code), message, exitCode: EXIT.failed };
  return code === METHOD_UNKNOWN ? { ...told, hint: "festina attach lists the methods that nodes have" } : told;
}

/** "commander.unknownOption" becomes UNKNOWN_OPTION. */
function fromCommander({ code, message }: CommanderError): Omit<Told, "exitCode"> {
  const name = code.replace(/^commander\./, "").replace(/(?=[A-Z])/g, "_");
  return { code: name.toUpperCase(), message: message.replace(/^error: /, ""), hint: "add --help for usage" };
}

/** `null` for a fault of ours. */
function tell(error: unknown): Told | null {
  if (error instanceof RpcAnswerError) return fromAnswer(error);
  const { code, message = "", exitCode } = error as { code?: unknown; message?: string; exitCode?: unknown };
  if (code === "RPC_UNREACHABLE")
    return {
      code,
      message,
      exitCode: EXIT.unreachable,
      hint: "start one with festina start --config FILE, festina dev or festina devnet, or name another with --rpc URL",
    };
  if (typeof code !== "string") return null;
  return { code, message, exitCode: typeof exitCode === "number" ? exitCode : EXIT.failed };
}

function explain(error: unknown, context: CommandContext, asJson: boolean): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // Without --json it is told already, with a hint at --help.
    if (asJson) context.printError(JSON.stringify({ error: fromCommander(error) }));
    return EXIT.usage;
  }
  const told = tell(error);
  if (told === null) {
    context.printError(`internal error: ${(error as { stack?: string }).stack ?? String(error)}`);
    return EXIT.failed;
  }
  const { code, message, exitCode, hint } = told;
  if (asJson) context.printError(JSON.stringify({ error: { code, message, ...(hint === undefined ? {} : { hint }) } }));
  else {
    context.printError(`${style(process.stderr, "red", "error:")} ${message} [${code}]`);
    if (hint !== undefined) context.printError(`  ${hint}`);
  }
  return exitCode;
}

/** Runs one command line; answers with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const context: CommandContext = {
    // Beside the bundle of this file.
    program: fileURLToPath(new URL("./runMain.cjs", import.meta.url)),
    print: (line) => process.stdout.write(`${line}\n`),
    printError: (line) => process.stderr.write(`${line}\n`),
  };
  const asJson = args.includes("--json");
  let exitCode: number = EXIT.done;
  const finish = (code: number): void => {
    exitCode = code;
  };
  try {
    await createProgram({ context, finish, asJson }).parseAsync(args.length === 0 ? ["--help"] : [...args], {
      from: "user",
    });
    return exitCode;
  } catch (error) {
    return explain(error, context, asJson);
  }
}
