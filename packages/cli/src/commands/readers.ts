// What is on the chains: one call of the RPC each, printed.
import { isHex } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { decodeLog, loadAbi } from "../abi/contractAbi.ts";
import { typedAddress } from "../input/typedAddress.ts";
import { formatCoins } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import { fieldLines } from "../output/fields.ts";
import { blockTag, isHash, quantity } from "./blockTag.ts";
import { type CommandContext, connect, report } from "./context.ts";

export interface ReaderOptions {
  readonly rpc?: string;
  readonly json?: boolean;
}

function notFound(what: string): CliError {
  return new CliError(
    "NOT_FOUND",
    `${what} is not known to this node; festina status says how far it is`,
    EXIT.notFound,
  );
}

function requireHash(text: string): string {
  if (!isHash(text)) throw new CliError("HASH_INVALID", `"${text}" is not 0x and 64 hex digits`, EXIT.usage);
  return text.toLowerCase();
}

async function show(context: CommandContext, options: ReaderOptions, what: string, found: Promise<unknown>) {
  const value = await found;
  if (value === null) throw notFound(what);
  report(context, options.json, value, fieldLines(value));
}

/** `festina block [NUMBER|HASH|TAG]`. */
export async function showBlock(
  context: CommandContext,
  id: string,
  options: ReaderOptions & { readonly full?: boolean },
): Promise<void> {
  const client = connect(options);
  const full = options.full === true;
  const found = isHash(id)
    ? client.call("eth_getBlockByHash", [id, full])
    : client.call("eth_getBlockByNumber", [blockTag(id), full]);
  await show(context, options, `block ${id}`, found);
}

/** `festina balance ADDRESS`. */
export async function showBalance(
  context: CommandContext,
  text: string,
  options: ReaderOptions & { readonly block: string },
): Promise<void> {
  const address = typedAddress(text);
  const client = connect(options);
  const at = [address, blockTag(options.block)];
  const [balance, nonce, code] = await Promise.all(
    ["eth_getBalance", "eth_getTransactionCount", "eth_getCode"].map((method) => client.call<string>(method, at)),
  );
  const wei = BigInt(balance ?? "0x0");
  const codeBytes = ((code ?? "0x").length - 2) / 2;
  report(context, options.json, { address, balance, nonce, codeBytes }, [
    `${formatCoins(wei)} coins (${wei} wei)`,
    `${Number(nonce)} transactions sent`,
    ...(codeBytes === 0 ? [] : [`a contract of ${codeBytes} bytes`]),
  ]);
}

/** `festina tx HASH`. */
export async function showTransaction(context: CommandContext, id: string, options: ReaderOptions): Promise<void> {
  const hash = requireHash(id);
  await show(context, options, `transaction ${hash}`, connect(options).call("eth_getTransactionByHash", [hash]));
}

/** `festina receipt HASH`. */
export async function showReceipt(context: CommandContext, id: string, options: ReaderOptions): Promise<void> {
  const hash = requireHash(id);
  await show(context, options, `a receipt of ${hash}`, connect(options).call("eth_getTransactionReceipt", [hash]));
}

export interface LogOptions extends ReaderOptions {
  readonly address?: string;
  readonly topic?: readonly string[];
  readonly fromBlock: string;
  readonly toBlock: string;
  readonly abi?: string;
}

interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly transactionHash: string;
}

function requireTopic(text: string): string | null {
  if (text === "any") return null;
  if (!isHash(text))
    throw new CliError("TOPIC_INVALID", `"${text}" is no topic; write 0x and 64 hex digits, or any`, EXIT.usage);
  return text;
}

/** `festina logs`: events of a range of blocks. */
export async function showLogs(context: CommandContext, options: LogOptions): Promise<void> {
  const filter = {
    ...(options.address === undefined ? {} : { address: typedAddress(options.address) }),
    topics: (options.topic ?? []).map(requireTopic),
    fromBlock: blockTag(options.fromBlock),
    toBlock: blockTag(options.toBlock),
  };
  const abi = options.abi === undefined ? [] : loadAbi(options.abi);
  const logs = await connect(options).call<readonly Log[]>("eth_getLogs", [filter]);
  const decoded = await Promise.all(
    logs.map(async (log) => ({ ...log, ...((abi.length === 0 ? null : await decodeLog(abi, log)) ?? {}) })),
  );
  const lines = decoded.flatMap((log, index) => [
    `log ${index} of block ${Number(log.blockNumber)}`,
    ...fieldLines(log, "  "),
  ]);
  report(context, options.json, decoded, lines.length === 0 ? ["no logs"] : lines);
}

function snailBlock(client: RpcClient, id: string, withFruits: boolean): Promise<unknown> {
  if (isHash(id)) return client.call("snail_getBlockByHash", [id, withFruits]);
  const number = id === "latest" || id === "earliest" ? id : quantity(id);
  if (number === null)
    throw new CliError("BLOCK_INVALID", `"${id}" is no snail block; write a number, a hash or latest`, EXIT.usage);
  return client.call("snail_getBlockByNumber", [number, withFruits]);
}

/** `festina snail [NUMBER|HASH|latest]`. */
export async function showSnailBlock(
  context: CommandContext,
  id: string,
  options: ReaderOptions & { readonly fruits?: boolean },
): Promise<void> {
  await show(context, options, `snail block ${id}`, snailBlock(connect(options), id, options.fruits === true));
}

/** `festina fruit HASH`. */
export async function showFruit(context: CommandContext, id: string, options: ReaderOptions): Promise<void> {
  const hash = requireHash(id);
  await show(context, options, `fruit ${hash}`, connect(options).call("fruit_getByHash", [hash]));
}

/** `festina committee [EPOCH]`. */
export async function showCommittee(context: CommandContext, epoch: string, options: ReaderOptions): Promise<void> {
  const wanted = epoch === "current" ? epoch : quantity(epoch);
  if (wanted === null)
    throw new CliError("EPOCH_INVALID", `"${epoch}" is no epoch; write a number or current`, EXIT.usage);
  await show(context, options, `the committee of epoch ${epoch}`, connect(options).call("committee_get", [wanted]));
}

/** Numbers, lists, objects, true, false and null are JSON; everything else is a text. */
export function parseParameter(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `festina rpc METHOD [PARAMETERS]`: any method, its answer in JSON. */
export async function callMethod(
  context: CommandContext,
  method: string,
  texts: readonly string[],
  options: ReaderOptions,
): Promise<void> {
  const params = texts.map((text) => (isHex(text) ? text : parseParameter(text)));
  const answer = await connect(options).call(method, params);
  context.print(options.json === true ? JSON.stringify(answer) : JSON.stringify(answer, null, 2));
}
