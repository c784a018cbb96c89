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
import { type BlockContext, type Engine, executeTransaction, type RuleSet } from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { decodeTransaction, type Log, type RecoveredTransaction, recoverTransaction } from "@festina/types";
import { type IndexedTransaction, readTransaction } from "./indexedTransaction.ts";
import { judge, type Suite, type Verdict } from "./suite.ts";
import { readTests, testFilesOf } from "./testFiles.ts";

/** Execution-spec state tests, run through `executeTransaction`: pre-state and transaction in, state root and logs out. */

interface StateTest {
  readonly env: Readonly<Record<string, string>>;
  readonly pre: Readonly<Record<string, PreAccount>>;
  readonly transaction: IndexedTransaction;
  readonly post: Readonly<Record<string, readonly Expectation[]>>;
  readonly config?: { readonly chainid?: string };
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
  readonly indexes: { readonly data: number; readonly gas: number; readonly value: number };
  /** Absent from older collections. */
  readonly txbytes?: string;
  readonly expectException?: string;
}

interface StateCase {
  readonly name: string;
  readonly test: StateTest;
  readonly expectation: Expectation;
}

const FOLDERS = ["state", "GeneralStateTests", "state_tests"];
const FORK_OF: Readonly<Record<RuleSet["name"], string>> = { prague: "Prague", osaka: "Osaka" };
const BLOB_TYPE_PREFIX = "0x03";
const PASSED: Verdict = { kind: "passed" };
const REFUSED: Verdict = { kind: "refused", reason: "a blob transaction" };
const word = (value: bigint): Uint8Array => bigintToBytes(value, 32);
const failed = (reason: string): Verdict => ({ kind: "failed", reason });

export const stateSuite: Suite = async (folder, { engine, rules, every, only }, tally) => {
  for (const file of testFilesOf(folder, FOLDERS, only)) {
    for (const stateCase of loadStateCases(file, FORK_OF[rules.name])) {
      if (!tally.isNext(every)) continue;
      tally.count(stateCase.name, await judge(() => runStateCase(stateCase, engine, rules)));
    }
  }
};

function loadStateCases(file: string, fork: string): readonly StateCase[] {
  return readTests(file).flatMap(([name, content]) => {
    if (!("pre" in content && "post" in content && "env" in content && "transaction" in content)) return [];
    const test = content as unknown as StateTest;
    return (test.post[fork] ?? []).map((expectation, index) => ({ name: `${name}[${index}]`, test, expectation }));
  });
}

async function runStateCase({ test, expectation }: StateCase, engine: Engine, rules: RuleSet): Promise<Verdict> {
  const mustFail = expectation.expectException !== undefined && expectation.expectException !== "";
  if (isBlobTransaction(test, expectation)) return mustFail ? PASSED : REFUSED;
  const chainId = BigInt(test.config?.chainid ?? 1);
  const view = plantState(test.pre);
  const { txbytes } = expectation;
  const transaction =
    txbytes === undefined ? readTransaction(test.transaction, expectation.indexes, chainId) : recover(txbytes);
  let logs: readonly Log[] = [];
  if (transaction === null) {
    if (!mustFail) return failed("the transaction does not decode");
  } else {
    const block = blockOf(test.env, chainId, rules);
    const feePot = block.coinbase;
    const result = await executeTransaction({ transaction, view, block, engine, recoverPublicKey, feePot });
    if (result.ok === mustFail) return failed(result.ok ? "was accepted" : `was refused: ${result.error.code}`);
    if (result.ok) logs = result.value.logs;
  }
  if (view.openCheckpoints !== 0) return failed("a checkpoint stayed open");
  if (logsHash(logs) !== expectation.logs) return failed("the logs differ");
  return (await stateRoot(view)) === expectation.hash ? PASSED : failed("the state root differs");
}

function isBlobTransaction({ transaction }: StateTest, { txbytes }: Expectation): boolean {
  return txbytes === undefined ? transaction.blobVersionedHashes !== undefined : txbytes.startsWith(BLOB_TYPE_PREFIX);
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

function blockOf(env: StateTest["env"], chainId: bigint, rules: RuleSet): BlockContext {
  const field = (name: string): bigint => BigInt(env[name] ?? 0);
  return {
    number: Number(field("currentNumber")),
    timestamp: Number(field("currentTimestamp")),
    gasLimit: field("currentGasLimit"),
    baseFeePerGasWei: field("currentBaseFee"),
    coinbase: env["currentCoinbase"] as Address,
    prevRandao: toHash32(word(field("currentRandom"))),
    chainId,
    rules,
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
