// A console on a node: JavaScript in which each method of the RPC is a function of its namespace.
import { createInterface } from "node:readline";
import { type REPLEval, type REPLServer, start } from "node:repl";
import { PassThrough } from "node:stream";
import { createContext, Script } from "node:vm";
import { RpcAnswerError, type RpcClient } from "@festina/rpc";
import { CliError } from "../output/cliError.ts";
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

/** What nodes of other makers have, too. */
const USUAL_NAMESPACES = ["eth", "net", "web3", "txpool", "debug", "trace"];

type Caller = (method: string) => Namespace[string];

/** The methods that a document of OpenRPC lists, by namespace; what stands there besides is passed over. */
function listed(methods: readonly unknown[], caller: Caller): Record<string, Namespace> {
  const namespaces = new Map<string, Namespace>();
  for (const one of methods) {
    const { name: method } = (one ?? {}) as { readonly name?: unknown };
    const [, name, rest] = typeof method === "string" ? (/^([^_]+)_(.+)$/.exec(method) ?? []) : [];
    if (name === undefined || rest === undefined) continue;
    const namespace = namespaces.get(name) ?? {};
    namespace[rest] = caller(method as string);
    namespaces.set(name, namespace);
  }
  return Object.fromEntries(namespaces);
}

/** A namespace in which every name is a method: nothing can be completed, everything called. */
function open(namespace: string, caller: Caller): Namespace {
  // A console awaits what is typed; a namespace is no promise.
  const get = (_target: Namespace, name: string | symbol): unknown =>
    typeof name === "string" && name !== "then" ? caller(`${namespace}_${name}`) : undefined;
  return new Proxy<Namespace>({}, { get });
}

/**
 * `eth`, `snail` and the others, with what they hold for the line editor to complete; and `rpc(method, ...params)`. The
 * node is asked what it has (`rpc.discover`); of one that cannot say, the usual namespaces are there.
 */
export async function createConsole(client: RpcClient): Promise<Readonly<Record<string, unknown>>> {
  const caller: Caller =
    (method) =>
    (...params) =>
      client.call(method, params.map(toParameter));
  const document = await client.call<{ readonly methods?: unknown } | null>("rpc.discover").catch((error: unknown) => {
    if (error instanceof RpcAnswerError) return null;
    throw error;
  });
  const namespaces = Array.isArray(document?.methods)
    ? listed(document.methods, caller)
    : Object.fromEntries(USUAL_NAMESPACES.map((namespace) => [namespace, open(namespace, caller)]));
  return { ...namespaces, rpc: (method: string, ...params: readonly unknown[]) => client.call(method, params) };
}

/** The node's own words, and of mistakes on the line only the places that are on it. */
function shown(error: unknown): unknown {
  if (error instanceof RpcAnswerError) {
    const told = new Error(`${error.message} [${error.code}]`);
    told.stack = told.message;
    return told;
  }
  const { stack } = (error ?? {}) as { stack?: unknown };
  if (typeof stack !== "string") return error;
  const lines = stack.split("\n");
  const isForeign = (line: string): boolean => /^\s+at /.test(line) && !/\bREPL\d+:/.test(line);
  return Object.assign(error as Error, { stack: lines.filter((line) => !isForeign(line)).join("\n") });
}

/** `null` for what has to wait for something, and for what is no JavaScript, or not yet. */
function parse(code: string, file: string): Script | null {
  try {
    return /\bawait\b/.test(code) ? null : new Script(code, { filename: file });
  } catch {
    return null;
  }
}

/** As the line editor's own, but what a method answers is awaited: nobody at a console wants a promise. */
function awaiting(repl: REPLServer, onDone: () => void): REPLEval {
  const usual = repl.eval.bind(repl);
  return (code, world, file, done) => {
    const finish = (error: unknown, value?: unknown): void => {
      done(error === null ? null : (shown(error) as Error), value);
      onDone();
    };
    const script = parse(code, file);
    if (script === null) {
      usual.call(repl, code, world, file, finish);
      return;
    }
    try {
      const value: unknown = script.runInContext(world);
      if (value instanceof Promise) value.then((answer) => finish(null, answer), finish);
      else finish(null, value);
    } catch (error) {
      finish(error);
    }
  };
}

async function runOnce(context: CommandContext, code: string, client: RpcClient, asJson: boolean): Promise<void> {
  let value: unknown;
  const world = createContext({ ...(await createConsole(client)) });
  try {
    value = await new Script(code, { filename: "console" }).runInContext(world);
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

function greet({ print }: CommandContext, { url }: RpcClient, head: number, world: object): void {
  print(`connected to ${url}, block ${head}`);
  print(`${Object.keys(world).join(", ")}: Tab completes, for example eth.getBalance(address); .exit or Ctrl-D ends`);
}

/** One line after the other, each when the one before is answered. */
async function feed(lines: AsyncIterable<string>, input: PassThrough, answered: () => Promise<void>): Promise<void> {
  for await (const line of lines) {
    if (line.trim() === "") continue;
    const done = answered();
    input.write(`${line}\n`);
    if (!line.startsWith(".")) await done;
  }
  input.end();
}

async function runConsole(context: CommandContext, client: RpcClient, head: number): Promise<void> {
  const isTerminal = process.stdin.isTTY === true;
  const world = await createConsole(client);
  if (isTerminal) greet(context, client, head, world);
  const piped = new PassThrough();
  const repl = start({
    ...(isTerminal ? {} : { input: piped, output: process.stdout, terminal: false }),
    prompt: isTerminal ? "> " : "",
    useGlobal: false,
    ignoreUndefined: true,
  });
  let next: () => void = () => undefined;
  Object.assign(repl.context, world);
  Object.assign(repl, { eval: awaiting(repl, () => next()) });
  const ended = new Promise<void>((resolve) => {
    repl.once("exit", () => {
      next();
      resolve();
    });
  });
  const answered = (): Promise<void> =>
    new Promise((resolve) => {
      next = resolve;
    });
  if (!isTerminal) await Promise.race([ended, feed(createInterface({ input: process.stdin }), piped, answered)]);
  await ended;
}

/** `festina attach`: until Ctrl-D, or until the lines of a pipe end. */
export async function attach(context: CommandContext, options: AttachOptions): Promise<void> {
  const client = connect(options);
  const head = Number(await client.call<string>("eth_blockNumber"));
  if (options.exec !== undefined) await runOnce(context, options.exec, client, options.json === true);
  else await runConsole(context, client, head);
}
