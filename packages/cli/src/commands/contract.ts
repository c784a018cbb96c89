// Calls of contracts: by a signature (`festina call`) or by an ABI (`festina contract call|send`).
import { hexToBytes, isHex } from "@festina/primitives";
import { RpcAnswerError, type RpcClient } from "@festina/rpc";
import type { Abi, AbiFunction, Hex } from "viem";
import { decodeOutputs, describeError, encodeCall, findFunction, loadAbi, parseFunction } from "../abi/contractAbi.ts";
import { typedAddress } from "../input/typedAddress.ts";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import { blockTag } from "./blockTag.ts";
import { type CommandContext, connect, report, typed } from "./context.ts";
import { type SenderOptions, sendAndWait } from "./sender.ts";

export interface CallOptions {
  readonly rpc?: string;
  readonly from?: string;
  readonly value?: string;
  readonly block?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export interface ContractOptions extends SenderOptions, CallOptions {
  readonly abi: string;
}

const REVERTED = 3;

/** viem's values for people and scripts: numbers of any size as text. */
function shown(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(shown);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shown(field)]));
}

function line(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** With the name of the error, where the ABI declares it. */
async function explainRevert(error: unknown, abi: Abi): Promise<unknown> {
  if (!(error instanceof RpcAnswerError) || error.code !== REVERTED) return error;
  const named = await describeError(abi, error.data);
  return new CliError("REVERTED", named === null ? error.message : `reverted with ${named}`, EXIT.reverted);
}

async function ask(client: RpcClient, to: string, data: string, options: CallOptions): Promise<Hex> {
  const value = `0x${typed(parseAmount(options.value ?? "0")).toString(16)}`;
  const from = options.from === undefined ? {} : { from: typedAddress(options.from) };
  const request = { ...from, to: typedAddress(to), value, data };
  return client.call<Hex>("eth_call", [request, blockTag(options.block ?? "latest")]);
}

async function callFunction(
  context: CommandContext,
  to: string,
  item: AbiFunction,
  texts: readonly string[],
  options: CallOptions,
): Promise<void> {
  const data = await encodeCall(item, texts);
  const answer = await ask(connect(options), to, data, options);
  const outputs = item.outputs.length === 0 ? null : await decodeOutputs(item, answer);
  if (outputs === null && item.outputs.length > 0)
    throw new CliError(
      "ANSWER_UNREADABLE",
      `${to} answered ${answer}, which is not what ${item.name} returns; is the contract there, and of this kind?`,
    );
  const values = (outputs ?? [answer]).map(shown);
  report(context, options.json, values, values.map(line));
}

/** `festina call TO SIGNATURE [ARGUMENTS]`, or with --data: what a contract would answer. */
export async function call(
  context: CommandContext,
  to: string,
  signature: string | undefined,
  texts: readonly string[],
  options: CallOptions,
): Promise<void> {
  if (signature !== undefined) {
    const item = await parseFunction(signature);
    await callFunction(context, to, item, texts, options);
    return;
  }
  const { data = "0x" } = options;
  if (!isHex(data)) throw new CliError("DATA_INVALID", "--data is not 0x and hex digits", EXIT.usage);
  const answer = await ask(connect(options), to, data, options);
  report(context, options.json, answer, [answer]);
}

/** `festina contract call ADDRESS FUNCTION [ARGUMENTS] --abi FILE`. */
export async function callContract(
  context: CommandContext,
  to: string,
  name: string,
  texts: readonly string[],
  options: ContractOptions,
): Promise<void> {
  const abi = loadAbi(options.abi);
  try {
    await callFunction(context, to, findFunction(abi, name, texts.length), texts, options);
  } catch (error) {
    throw await explainRevert(error, abi);
  }
}

/** `festina contract send ADDRESS FUNCTION [ARGUMENTS] --abi FILE`: a transaction, answered when it is final. */
export async function sendToContract(
  context: CommandContext,
  to: string,
  name: string,
  texts: readonly string[],
  options: ContractOptions,
): Promise<void> {
  const abi = loadAbi(options.abi);
  const data = hexToBytes(await encodeCall(findFunction(abi, name, texts.length), texts));
  const call = { to: typedAddress(to), valueWei: typed(parseAmount(options.value ?? "0")), data };
  try {
    const receipt = await sendAndWait(connect(options), options, call);
    report(context, options.json, receipt, [
      `${receipt.transactionHash} is final in block ${Number(receipt.blockNumber)}, ${Number(receipt.gasUsed)} gas`,
    ]);
  } catch (error) {
    throw await explainRevert(error, abi);
  }
}
