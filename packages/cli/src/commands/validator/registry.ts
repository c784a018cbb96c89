// What the commands of a validator ask the registry for, and what they send to it.
import {
  decodeCandidate,
  decodeWithdrawableAt,
  encodeValidator,
  encodeWithdrawableAt,
  type RegistryCandidate,
  VALIDATOR_REGISTRY,
} from "@festina/contracts";
import { type Address, bytesToHex, type Hex, hexToBytes, type Result } from "@festina/primitives";
import { RpcAnswerError, type RpcClient } from "@festina/rpc";
import type { PasswordOptions } from "../../input/password.ts";
import { CliError } from "../../output/cliError.ts";
import { EXIT } from "../../output/exitCodes.ts";
import { orThrow } from "../context.ts";
import { type SentReceipt, signAndSend, waitForReceipt } from "../sender.ts";

/** Options of every command that acts for a validator. */
export interface SeatOptions extends PasswordOptions {
  /** Folder that `festina validator keys` made. */
  readonly keys: string;
  readonly rpc?: string;
  readonly json?: boolean;
}

/** The code of JSON-RPC answers to calls that reverted. */
const REVERTED = 3;

/** `null` where the registry reverts: it does not know the validator. */
async function ask<T>(client: RpcClient, data: Uint8Array, decode: (output: Uint8Array) => Result<T>) {
  try {
    const request = { to: VALIDATOR_REGISTRY, data: bytesToHex(data) };
    return orThrow(decode(hexToBytes(await client.call<Hex>("eth_call", [request, "latest"]))));
  } catch (error) {
    if (error instanceof RpcAnswerError && error.code === REVERTED) return null;
    throw error;
  }
}

/** `null` when there is no such validator: never registered, or withdrawn. */
export function findCandidate(client: RpcClient, owner: Address): Promise<RegistryCandidate | null> {
  return ask(client, encodeValidator(owner), decodeCandidate);
}

/** Unix seconds from which the deposit is free; `null` while nobody can tell. */
export function findWithdrawableAt(client: RpcClient, owner: Address): Promise<number | null> {
  return ask(client, encodeWithdrawableAt(owner), decodeWithdrawableAt);
}

/** @throws CliError NOT_REGISTERED */
export async function requireCandidate(client: RpcClient, owner: Address): Promise<RegistryCandidate> {
  const candidate = await findCandidate(client, owner);
  if (candidate === null) throw new CliError("NOT_REGISTERED", `${owner} is not registered`, EXIT.notFound);
  return candidate;
}

/** Calls the registry as the owner, and waits until that is final. @throws CliError REVERTED */
export async function actAsOwner(
  client: RpcClient,
  ownerKey: Uint8Array,
  call: { readonly data: Uint8Array; readonly valueWei?: bigint },
  what: string,
): Promise<SentReceipt> {
  const { data, valueWei = 0n } = call;
  const receipt = await waitForReceipt(
    client,
    await signAndSend(client, ownerKey, { to: VALIDATOR_REGISTRY, valueWei, data }),
  );
  if (receipt.status !== "0x1")
    throw new CliError("REVERTED", `${what} reverted (transaction ${receipt.transactionHash})`, EXIT.reverted);
  return receipt;
}
