import { readFileSync } from "node:fs";
import { addressOfSecretKey } from "@festina/crypto";
import { type Address, bytesToHex, hexToBytes, isHex } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { signTransaction, TRANSACTION_TYPE } from "@festina/types";
import { decryptKeystore } from "../keystore.ts";
import { CliError } from "../output/cliError.ts";
import { orThrow } from "./context.ts";

export interface SenderOptions {
  /** Keystore file, or a file with 0x and 64 hex digits. */
  readonly key?: string;
  readonly passwordFile?: string;
  /** A development account that the node signs for. */
  readonly from?: string;
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

/** The secret key in a keystore file (with its password file) or in a plain key file. */
export function loadSecretKey(file: string, passwordFile: string | undefined): Uint8Array {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    throw new CliError("KEY_FILE_UNREADABLE", `cannot read the key file ${file}`);
  }
  if (isHex(text) && text.length === 66) return hexToBytes(text);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new CliError("KEY_FILE_INVALID", `${file} is neither a keystore nor 0x and 64 hex digits`);
  }
  if (passwordFile === undefined) throw new CliError("PASSWORD_MISSING", "a keystore needs --password-file");
  return orThrow(decryptKeystore(parsed, readFileSync(passwordFile, "utf8").trimEnd())).secretKey;
}

async function signAndSend(client: RpcClient, secretKey: Uint8Array, call: Call): Promise<string> {
  const from = addressOfSecretKey(secretKey);
  const request = { from, to: call.to, value: `0x${call.valueWei.toString(16)}`, data: bytesToHex(call.data) };
  const [chainId, nonce, gas, gasPrice, tip] = await Promise.all([
    client.call<string>("eth_chainId"),
    client.call<string>("eth_getTransactionCount", [from, "pending"]),
    client.call<string>("eth_estimateGas", [request]),
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
  if (options.key !== undefined) return signAndSend(client, loadSecretKey(options.key, options.passwordFile), call);
  const from = options.from ?? (await client.call<string[]>("eth_accounts"))[0];
  if (from === undefined)
    throw new CliError("SENDER_MISSING", "this node holds no development accounts; name a key with --key FILE");
  const request = { from, to: call.to, value: `0x${call.valueWei.toString(16)}`, data: bytesToHex(call.data) };
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
