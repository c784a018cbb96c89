import { recoverPublicKey } from "@festina/crypto";
import { hexToBytes, isHex, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { type BlockContext, EMPTY_ACCOUNT, type RuleSet, validateTransaction } from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { decodeTransaction, type RecoveredTransaction, recoverTransaction } from "@festina/types";
import { judge, type Suite, type Verdict } from "./suite.ts";
import { readTests, testFilesOf } from "./testFiles.ts";

/** Transactions in bytes: whether they may stand in a block, and if so their hash and sender. */
interface TransactionTest {
  readonly txbytes: string;
  readonly result: Readonly<Record<string, Expectation | undefined>>;
}

interface Expectation {
  readonly hash?: string;
  readonly sender?: string;
  readonly exception?: string;
}

const FOLDERS = ["TransactionTests", "transaction_tests"];
/** Newest first: the first one with a column says what is expected. */
const FORKS = ["Osaka", "Prague", "Cancun", "Shanghai", "Paris", "London", "Berlin", "Istanbul"];
/** What later rules refuse although an older column accepts it, by the code that says so. */
const LATER_RULES: ReadonlyMap<string, string> = new Map([
  ["TX_FLOOR_GAS", "the calldata floor of EIP-7623, Prague"],
  ["TX_GAS_ABOVE_CAP", "the gas cap of EIP-7825, Osaka"],
]);
const BLOB_UNSUPPORTED = "TX_BLOB_UNSUPPORTED";
const WEI_MAX = 2n ** 256n - 1n;

export const transactionSuite: Suite = async (folder, { rules, every, only }, tally) => {
  for (const file of testFilesOf(folder, FOLDERS, only)) {
    for (const [name, content] of readTests(file)) {
      if (!("txbytes" in content && "result" in content)) continue;
      if (!tally.isNext(every)) continue;
      tally.count(name, await judge(() => judgeTransaction(content as unknown as TransactionTest, rules)));
    }
  }
};

function judgeTransaction({ txbytes, result }: TransactionTest, rules: RuleSet): Verdict {
  const fork = FORKS.slice(rules.name === "prague" ? 1 : 0).find((name) => result[name] !== undefined);
  const expected = fork === undefined ? undefined : result[fork];
  if (expected === undefined) return { kind: "skipped", reason: "no column of a fork that is known" };
  const accepted = accept(txbytes, rules);
  if (typeof accepted !== "string") {
    if (expected.exception !== undefined) return { kind: "failed", reason: `accepted despite ${expected.exception}` };
    if (accepted.hash !== expected.hash) return { kind: "failed", reason: `the hash is ${accepted.hash}` };
    const isSender = accepted.sender === expected.sender?.toLowerCase();
    return isSender ? { kind: "passed" } : { kind: "failed", reason: `the sender is ${accepted.sender}` };
  }
  if (expected.exception !== undefined) return { kind: "passed" };
  if (accepted === BLOB_UNSUPPORTED) return { kind: "refused", reason: "a blob transaction" };
  const later = LATER_RULES.get(accepted);
  const isLater = later !== undefined && fork !== "Osaka" && !(accepted === "TX_FLOOR_GAS" && fork === "Prague");
  if (isLater) return { kind: "differs", reason: `valid at ${fork}, refused by ${later}` };
  return { kind: "failed", reason: `refused: ${accepted}` };
}

/** The transaction, or the code of why it may stand in no block of chain 1 whoever sent it. */
function accept(text: string, rules: RuleSet): RecoveredTransaction | string {
  if (!isHex(text)) return "TX_MALFORMED";
  const decoded = decodeTransaction(hexToBytes(text));
  if (!decoded.ok) return decoded.error.code;
  const recovered = recoverTransaction(decoded.value, recoverPublicKey);
  if (!recovered.ok) return recovered.error.code;
  const { value: transaction } = recovered;
  // A sender who has all there can be, and what is to be moved besides.
  const view = new MemoryStateView();
  view.putAccount(transaction.sender, { ...EMPTY_ACCOUNT, nonce: transaction.nonce, balanceWei: WEI_MAX });
  const valid = validateTransaction({ ...transaction, valueWei: 0n }, view, blockWith(rules), 2n ** 64n - 1n);
  return valid.ok ? transaction : valid.error.code;
}

const blockWith = (rules: RuleSet): BlockContext => ({
  number: 1,
  timestamp: 1,
  gasLimit: 2n ** 64n - 1n,
  baseFeePerGasWei: 0n,
  coinbase: ZERO_ADDRESS,
  prevRandao: ZERO_HASH,
  chainId: 1n,
  rules,
  getBlockHash: () => ZERO_HASH,
});
