import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createBlsSuite } from "@festina/adapters";
import {
  encodeReady,
  encodeRegister,
  encodeUnjail,
  expandBlsKey,
  expandBlsSignature,
  VALIDATOR_REGISTRY,
} from "@festina/contracts";
import { addressOfSecretKey } from "@festina/crypto";
import { bytesToHex, EMPTY_BYTES, parseAddress } from "@festina/primitives";
import type { RpcClient } from "@festina/rpc";
import { parseAmount } from "../output/amounts.ts";
import { CliError } from "../output/cliError.ts";
import { type CommandContext, connect, orThrow, report } from "./context.ts";
import { type Call, loadPlainKey, type SenderOptions, sendCall, waitForReceipt } from "./sender.ts";

export const SIGNING_KEY = "signing.key";
export const OWNER_KEY = "owner.key";
/** Left with the owner for the gas of registering and of many `ready()`. */
const GAS_MONEY_WEI = 10n ** 18n;

function createKey(file: string): Uint8Array {
  const secret = new Uint8Array(randomBytes(32));
  // Below the order of both curves in use, which begin with 0x73 (BLS12-381) and 0xff (secp256k1).
  secret[0] = (secret[0] as number) & 0x3f;
  writeFileSync(file, `${bytesToHex(secret)}\n`, { mode: 0o600, flag: "wx" });
  return secret;
}

/** `festina validator keys --out DIR`: a signing key and an owner account of their own. */
export function createKeys(context: CommandContext, options: { readonly out: string; readonly json?: boolean }): void {
  mkdirSync(options.out, { recursive: true, mode: 0o700 });
  if (existsSync(join(options.out, SIGNING_KEY)))
    throw new CliError("KEYS_EXIST", `${options.out} holds keys already; they are not overwritten`);
  const suite = createBlsSuite();
  const signing = createKey(join(options.out, SIGNING_KEY));
  const address = addressOfSecretKey(createKey(join(options.out, OWNER_KEY)));
  const publicKey = bytesToHex(suite.publicKey(signing));
  const proofOfPossession = bytesToHex(suite.provePossession(signing));
  report(context, options.json, { address, publicKey, proofOfPossession }, [
    `validator  ${address}`,
    `public key ${publicKey}`,
    `proof      ${proofOfPossession}`,
    `keys are in ${options.out}; register with: festina validator register --keys ${options.out} --deposit 2500ether`,
  ]);
}

export interface UnjailOptions {
  readonly keys: string;
  readonly rpc?: string;
  readonly json?: boolean;
}

/** `festina validator unjail`: asks back after too many missed votes. */
export async function unjailValidator(context: CommandContext, options: UnjailOptions): Promise<void> {
  const key = join(options.keys, OWNER_KEY);
  const call = { to: VALIDATOR_REGISTRY, valueWei: 0n, data: encodeUnjail() };
  const transaction = await run(connect(options), { key }, call, "unjail (is the validator jailed?)");
  const validator = addressOfSecretKey(loadPlainKey(key));
  report(context, options.json, { validator, transaction }, [
    `${validator} may be elected again; its node says ready() once per election window while it runs`,
  ]);
}

export interface RegisterOptions {
  readonly keys: string;
  readonly deposit: string;
  readonly payout?: string;
  readonly fundFrom?: string;
  readonly rpc?: string;
  readonly json?: boolean;
}

async function run(client: RpcClient, sender: SenderOptions, call: Call, what: string): Promise<string> {
  const receipt = await waitForReceipt(client, await sendCall(client, sender, call));
  if (receipt.status !== "0x1")
    throw new CliError("REVERTED", `${what} reverted (transaction ${receipt.transactionHash})`);
  return receipt.transactionHash;
}

/** `festina validator register`: deposit, key and proof by an ordinary transaction, then `ready()`. */
export async function registerValidator(context: CommandContext, options: RegisterOptions): Promise<void> {
  const client = connect(options);
  const suite = createBlsSuite();
  const ownerFile = join(options.keys, OWNER_KEY);
  const signing = loadPlainKey(join(options.keys, SIGNING_KEY));
  const owner = addressOfSecretKey(loadPlainKey(ownerFile));
  const depositWei = orThrow(parseAmount(options.deposit));
  const payout = options.payout === undefined ? owner : orThrow(parseAddress(options.payout));
  if (options.fundFrom !== undefined) {
    const fund = { to: owner, valueWei: depositWei + GAS_MONEY_WEI, data: EMPTY_BYTES };
    await run(client, { from: options.fundFrom }, fund, "funding the owner");
  }
  const key = orThrow(expandBlsKey(suite.publicKey(signing)));
  const proof = orThrow(expandBlsSignature(suite.provePossession(signing)));
  const registered = await run(
    client,
    { key: ownerFile },
    { to: VALIDATOR_REGISTRY, valueWei: depositWei, data: encodeRegister(key, proof, payout) },
    "register",
  );
  const ready = await run(
    client,
    { key: ownerFile },
    { to: VALIDATOR_REGISTRY, valueWei: 0n, data: encodeReady() },
    "ready",
  );
  report(context, options.json, { validator: owner, registered, ready }, [
    `${owner} is registered and ready`,
    `it takes part in elections while fruits support it: festina mine --payout ADDRESS --support ${owner}`,
  ]);
}
