import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createMPT } from "@ethereumjs/mpt";
import { keccak256, keccakHash, recoverPublicKey } from "@festina/crypto";
import {
  type Address,
  asciiToBytes,
  bigintToBytes,
  bigintToMinimalBytes,
  encodeRlp,
  type Hash32,
  hexToBytes,
  rlpInteger,
  toHash32,
} from "@festina/primitives";
import { type BlockContext, type Engine, executeTransaction } from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { decodeTransaction, type Log, type RecoveredTransaction, recoverTransaction } from "@festina/types";

/** Execution-spec state tests, run through `executeTransaction`: pre-state and transaction in, state root and logs out. */

interface StateTest {
  readonly env: Readonly<Record<string, string>>;
  readonly pre: Readonly<Record<string, PreAccount>>;
  readonly post: Readonly<Record<string, readonly Expectation[]>>;
}

interface PreAccount {
  readonly nonce: string;
  readonly balance: string;
  readonly code: string;
  readonly storage: Readonly<Record<string, string>>;
}

interface Expectation {
  readonly hash: string;
  readonly logs: string;
  readonly txbytes: string;
  readonly expectException?: string;
}

export interface StateCase {
  readonly name: string;
  readonly test: StateTest;
  readonly expectation: Expectation;
}

/** `refused`: a blob transaction, which this chain does not have. Anything else unexpected is a failure with a reason. */
export type StateVerdict =
  | { readonly kind: "passed" }
  | { readonly kind: "refused" }
  | { readonly kind: "failed"; readonly reason: string };

const BLOB_TYPE_PREFIX = "0x03";
const PASSED: StateVerdict = { kind: "passed" };
const word = (value: bigint): Uint8Array => bigintToBytes(value, 32);
const failed = (reason: string): StateVerdict => ({ kind: "failed", reason });

/** One file's cases, so that a full run never holds all files at once. */
export function loadStateCases(file: string, fork: string): readonly StateCase[] {
  const tests = JSON.parse(readFileSync(file, "utf8")) as Record<string, StateTest>;
  return Object.entries(tests).flatMap(([name, test]) =>
    (test.post[fork] ?? []).map((expectation, index) => ({ name: `${name}[${index}]`, test, expectation })),
  );
}

export function listStateFiles(root: string): readonly string[] {
  return readdirSync(join(root, "state"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => join(root, "state", file));
}

export async function runStateCase({ test, expectation }: StateCase, engine: Engine): Promise<StateVerdict> {
  const mustFail = expectation.expectException !== undefined;
  if (expectation.txbytes.startsWith(BLOB_TYPE_PREFIX)) return mustFail ? PASSED : { kind: "refused" };
  const view = plantState(test.pre);
  const transaction = recover(expectation.txbytes);
  let logs: readonly Log[] = [];
  if (transaction === null) {
    if (!mustFail) return failed("the transaction does not decode");
  } else {
    const block = blockOf(test.env);
    const feePot = block.coinbase;
    const result = await executeTransaction({ transaction, view, block, engine, recoverPublicKey, feePot });
    if (result.ok === mustFail) return failed(result.ok ? "was accepted" : `was refused: ${result.error.code}`);
    if (result.ok) logs = result.value.logs;
  }
  if (view.openCheckpoints !== 0) return failed("a checkpoint stayed open");
  if (logsHash(logs) !== expectation.logs) return failed("the logs differ");
  return (await stateRoot(view)) === expectation.hash ? PASSED : failed("the state root differs");
}

function plantState(pre: StateTest["pre"]): MemoryStateView {
  const view = new MemoryStateView();
  for (const [address, account] of Object.entries(pre)) {
    view.plant(address as Address, {
      nonce: BigInt(account.nonce),
      balanceWei: BigInt(account.balance),
      code: hexToBytes(account.code),
      storage: new Map(Object.entries(account.storage).map(([slot, value]) => [BigInt(slot), BigInt(value)])),
    });
  }
  return view;
}

function recover(text: string): RecoveredTransaction | null {
  const decoded = decodeTransaction(hexToBytes(text));
  if (!decoded.ok) return null;
  const recovered = recoverTransaction(decoded.value, recoverPublicKey);
  return recovered.ok ? recovered.value : null;
}

function blockOf(env: StateTest["env"]): BlockContext {
  const field = (name: string): bigint => BigInt(env[name] ?? 0);
  return {
    number: Number(field("currentNumber")),
    timestamp: Number(field("currentTimestamp")),
    gasLimit: field("currentGasLimit"),
    baseFeePerGasWei: field("currentBaseFee"),
    coinbase: env["currentCoinbase"] as Address,
    prevRandao: toHash32(word(field("currentRandom"))),
    chainId: 1n,
    // The format's convention: the hash of the number in decimal.
    getBlockHash: (number) => keccakHash(asciiToBytes(String(number))),
  };
}

function logsHash(logs: readonly Log[]): Hash32 {
  return keccakHash(
    encodeRlp(logs.map((log) => [hexToBytes(log.address), log.topics.map((topic) => hexToBytes(topic)), log.data])),
  );
}

async function stateRoot(view: MemoryStateView): Promise<Hash32> {
  const accounts = await createMPT();
  for (const address of view.addresses()) {
    const account = view.getAccount(address);
    if (account === null) continue;
    const storage = await createMPT();
    for (const [slot, value] of view.slots(address)) {
      await storage.put(keccak256(word(slot)), encodeRlp(bigintToMinimalBytes(value)));
    }
    const leaf = [
      rlpInteger(account.nonce),
      rlpInteger(account.balanceWei),
      storage.root(),
      hexToBytes(account.codeHash),
    ];
    await accounts.put(keccak256(hexToBytes(address)), encodeRlp(leaf));
  }
  return toHash32(accounts.root());
}
