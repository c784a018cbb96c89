// A console on a node: JavaScript in which each method of the RPC is a function of its namespace.
import { type REPLEval, type REPLServer, start } from "node:repl";
import { createContext, Script } from "node:vm";
import { RpcAnswerError, type RpcClient } from "@festina/rpc";
import { CliError } from "../output/cliError.ts";
import { CONSOLE_METHODS } from "./consoleMethods.ts";
import { type CommandContext, connect } from "./context.ts";

export interface AttachOptions {
  readonly rpc?: string;
  /** Run this instead of reading lines. */
  readonly exec?: string;
  readonly json?: boolean;
}

type Namespace = Record<string, (...params: readonly unknown[]) => Promise<unknown>>;

/** Numbers become quantities: `eth.getBlockByNumber(7)` is as good as `("0x7")`. */
function toParameter(value: unknown): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0))
    return `0x${value.toString(16)}`;
  return value;
}

/** `eth`, `snail` and the others, with what they hold for the line editor to complete; and `rpc(method, ...params)`. */
export function createConsole(client: RpcClient, methods: readonly string[]): Readonly<Record<string, unknown>> {
  const namespaces: Record<string, Namespace> = {};
  for (const method of methods) {
    const cut = method.indexOf("_");
    const namespace = method.slice(0, cut);
    namespaces[namespace] ??= {};
    namespaces[namespace][method.slice(cut + 1)] = (...params) => client.call(method, params.map(toParameter));
  }
  return { ...namespaces, rpc: (method: string, ...params: readonly unknown[]) => client.call(method, params) };
}

/** The node's own words, without where in this program they were read. */
function shown(error: unknown): unknown {
  if (!(error instanceof RpcAnswerError)) return error;
  const told = new Error(`${error.message} [${error.code}]`);
  told.stack = told.message;
  return told;
}

/** As \`evaluate\`, but what a method answers is awaited: nobody at a console wants a promise. */
function evaluator(evaluate: REPLEval): REPLEval {
  return function (this: REPLServer, code, world, file, done) {
    let script: Script | null = null;
    try {
      script = /\bawait\b/.test(code) ? null : new Script(code, { filename: file });
    } catch {
      // The line editor tells whether more lines may mend it.
    }
    if (script === null) {
      evaluate.call(this, code, world, file, (error, value: unknown) => done(shown(error) as Error | null, value));
      return;
    }
    try {
      Promise.resolve(script.runInContext(world)).then(
        (value) => done(null, value),
        (error: unknown) => done(shown(error) as Error, undefined),
      );
    } catch (error) {
      done(error as Error, undefined);
    }
  };
}

async function runOnce(context: CommandContext, code: string, client: RpcClient, asJson: boolean): Promise<void> {
  let value: unknown;
  try {
    value = await new Script(code, { filename: "console" }).runInContext(
      createContext({ ...createConsole(client, CONSOLE_METHODS) }),
    );
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    throw new CliError("SCRIPT_FAILED", String(error));
  }
  const isText = typeof value === "string" && !asJson;
  const json = (): string =>
    JSON.stringify(
      value ?? null,
      (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item),
      asJson ? 0 : 2,
    );
  context.print(isText ? String(value) : json());
}

function runConsole(context: CommandContext, client: RpcClient, head: number): Promise<void> {
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal)
    context.print(
      `connected to ${client.url}, block ${head}\n` +
        `${[...new Set(CONSOLE_METHODS.map((method) => method.split("_")[0]))].join(", ")}: ` +
        "Tab completes, for example eth.getBalance(address); .exit or Ctrl-D ends",
    );
  const repl = start({ prompt: isTerminal ? "> " : "", useGlobal: false, ignoreUndefined: true });
  Object.assign(repl.context, createConsole(client, CONSOLE_METHODS));
  const evaluate = evaluator(repl.eval.bind(repl));
  // One line after the other, also from a pipe.
  let tail: Promise<unknown> = Promise.resolve();
  const evaluateInTurn: REPLEval = (code, world, file, done) => {
    tail = tail.then(
      () =>
        new Promise<void>((resolve) => {
          evaluate.call(repl, code, world, file, (error, value: unknown) => {
            done(error, value);
            resolve();
          });
        }),
    );
  };
  Object.assign(repl, { eval: evaluateInTurn });
  return new Promise((resolve) => repl.once("exit", () => void tail.then(() => resolve())));
}

/** `festina attach`: until Ctrl-D, or until the lines of a pipe end. */
export async function attach(context: CommandContext, options: AttachOptions): Promise<void> {
  const client = connect(options);
  const head = Number(await client.call<string>("eth_blockNumber"));
  if (options.exec !== undefined) await runOnce(context, options.exec, client, options.json === true);
  else await runConsole(context, client, head);
}
