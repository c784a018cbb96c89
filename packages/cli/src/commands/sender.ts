import { readFileSync } from "node:fs";
import { addressOfSecretKey } from "@festina/crypto";
import { type Address, bytesToHex, hexToBytes, isHex } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import { type PasswordOptions, readPassword } from "../input/password.ts";
import { decryptKeystore } from "../keystore.ts";
import { CliError } from "../output/cliError.ts";
import { EXIT } from "../output/exitCodes.ts";
import { orThrow } from "./context.ts";
import { findAccount, type KeystoreOptions } from "./keystoreFolder.ts";

export interface SenderOptions extends KeystoreOptions, PasswordOptions {
  /** Keystore file, or a file with 0x and 64 hex digits. */
  readonly key?: string;
  /** An account of the keystore's folder. */
  readonly account?: string;
  /** A development account that the node signs for. */
  readonly from?: string;
  /** Gas to allow instead of what the node estimates. */
  readonly gasLimit?: number;
}

export interface Call {
  readonly to: Address | null;
  readonly valueWei: bigint;
  readonly data: Uint8Array;
}

export interface SentReceipt {
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly contractAddress: string | null;
}

const POLL_MS = 50;
const PATIENCE_MS = 60_000;

/** What is in a key file: a secret key as it is, or the JSON of a keystore. */
function readKeyFile(file: string): Uint8Array | { readonly keystore: unknown } {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    throw new CliError("KEY_FILE_UNREADABLE", `cannot read the key file ${file}`);
  }
  if (isHex(text) && text.length === 66) return hexToBytes(text);
  try {
    return { keystore: JSON.parse(text) };
  } catch {
    throw new CliError("KEY_FILE_INVALID", `${file} is neither a keystore nor 0x and 64 hex digits`);
  }
}

/** The secret key in a keystore file (with its password) or in a plain key file. */
export async function loadSecretKey(file: string, options: PasswordOptions): Promise<Uint8Array> {
  const found = readKeyFile(file);
  if (found instanceof Uint8Array) return found;
  return orThrow(decryptKeystore(found.keystore, await readPassword(options))).secretKey;
}

/** The secret key in a file of 0x and 64 hex digits: nodes and miners start without anybody who types a password. */
export function loadPlainKey(file: string): Uint8Array {
  const found = readKeyFile(file);
  if (found instanceof Uint8Array) return found;
  throw new CliError("KEY_FILE_INVALID", `${file} is not 0x and 64 hex digits`);
}

/** Signs here and sends; answers with the transaction's hash. */
export async function signAndSend(
  client: RpcClient,
  secretKey: Uint8Array,
  call: Call,
  { gasLimit }: Pick<SenderOptions, "gasLimit"> = {},
): Promise<string> {
  const from = addressOfSecretKey(secretKey);
  const request = { from, to: call.to, value: `0x${call.valueWei.toString(16)}`, data: bytesToHex(call.data) };
  const [chainId, nonce, gas, gasPrice, tip] = await Promise.all([
    client.call<string>("eth_chainId"),
    client.call<string>("eth_getTransactionCount", [from, "pending"]),
    gasLimit ?? client.call<string>("eth_estimateGas", [request]),
    client.call<string>("eth_gasPrice"),
    client.call<string>("eth_maxPriorityFeePerGas"),
  ]);
  const signed = signTransaction(
    {
      type: TRANSACTION_TYPE.feeMarket,
      chainId: BigInt(chainId),
      nonce: BigInt(nonce),
      maxPriorityFeePerGasWei: BigInt(tip),
      maxFeePerGasWei: BigInt(gasPrice) * 2n,
      gasLimit: BigInt(gas),
      ...call,
      accessList: [],
      authorizations: [],
      sponsorship: null,
    },
    secretKey,
  );
  return client.call<string>("eth_sendRawTransaction", [bytesToHex(signed.encoded)]);
}

/** Sends from a key of ours, or from a development account of the node; the first one when nothing is named. */
export async function sendCall(client: RpcClient, options: SenderOptions, call: Call): Promise<string> {
  const keyFile = options.account === undefined ? options.key : findAccount(options.account, options).file;
  if (keyFile !== undefined) return signAndSend(client, await loadSecretKey(keyFile, options), call, options);
  const from = options.from ?? (await client.call<string[]>("eth_accounts"))[0];
  if (from === undefined)
    throw new CliError(
      "SENDER_MISSING",
      "this node holds no development accounts; name a key with --key FILE or --account ADDRESS",
    );
  const gas = options.gasLimit === undefined ? {} : { gas: `0x${options.gasLimit.toString(16)}` };
  const request = { from, to: call.to, value: `0x${call.valueWei.toString(16)}`, data: bytesToHex(call.data), ...gas };
  return client.call<string>("eth_sendTransaction", [request]);
}

/** Waits until the transaction is in a COMMITTED block. */
export async function waitForReceipt(client: RpcClient, hash: string): Promise<SentReceipt> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const receipt = await client.call<SentReceipt | null>("eth_getTransactionReceipt", [hash]);
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new CliError(
    "NOT_COMMITTED",
    `transaction ${hash} was sent but is in no block after ${PATIENCE_MS / 1000} s; see festina status`,
  );
}

/** Sends, waits, and throws what a contract that reverted leaves to say. @throws CliError REVERTED */
export async function sendAndWait(client: RpcClient, options: SenderOptions, call: Call): Promise<SentReceipt> {
  const receipt = await waitForReceipt(client, await sendCall(client, options, call));
  if (receipt.status === "0x1") return receipt;
  const what = call.to === null ? "the constructor" : "the call";
  throw new CliError(
    "REVERTED",
    `${what} reverted in block ${Number(receipt.blockNumber)}; festina rpc debug_traceTransaction ` +
      `${receipt.transactionHash} shows its steps`,
    EXIT.reverted,
  );
}
