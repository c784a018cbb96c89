import { addressOfSecretKey, signHash } from "@festina/crypto";
import { type Address, type Hash32, ZERO_HASH } from "@festina/primitives";
import {
  authorizationSigningHash,
  computeListRoot,
  computeLogsBloom,
  encodeExtraData,
  encodeReceipt,
  type FastHeader,
  type HybridRequests,
  hashFastHeader,
  hashHybridRequests,
  type Log,
  mergeBlooms,
  NO_REQUESTS,
  type RecoveredTransaction,
  signTransaction,
  type TransactionFields,
} from "@festina/types";
import type { BlockRecord, ExecutedTransaction } from "../src/index.ts";

/** A small chain in memory: real encodings, hashes, roots and signatures; what execution did is made up. */

export const CHAIN_ID = 1337n;
export const BASE_FEE_WEI = 1_000_000_000n;

export const word = (digits: string): Hash32 => `0x${digits.padStart(64, "0")}` as Hash32;
export const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;

export const SECRET_KEYS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
export const ACCOUNTS = SECRET_KEYS.map(addressOfSecretKey) as [Address, Address, Address];
const [ALICE, BOB, CAROL] = ACCOUNTS;
const [ALICE_KEY, BOB_KEY, CAROL_KEY] = SECRET_KEYS as [Uint8Array, Uint8Array, Uint8Array];

export const TOKEN = address("70");
/** keccak256("Transfer(address,address,uint256)") */
export const TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef" as Hash32;

export function transferLog(from: Address, to: Address, amount: number): Log {
  const data = new Uint8Array(32);
  data[31] = amount;
  return { address: TOKEN, topics: [TRANSFER_TOPIC, word(from.slice(2)), word(to.slice(2))], data };
}

export function fields(changes: Partial<TransactionFields> = {}): TransactionFields {
  return {
    type: 0x02,
    chainId: CHAIN_ID,
    nonce: 0n,
    maxFeePerGasWei: 3_000_000_000n,
    maxPriorityFeePerGasWei: 1_000_000_000n,
    gasLimit: 90_000n,
    to: BOB,
    valueWei: 5n,
    data: new Uint8Array(0),
    accessList: [],
    authorizations: [],
    sponsorship: null,
    ...changes,
  };
}

export interface Outcome {
  readonly transaction: RecoveredTransaction;
  readonly logs?: readonly Log[];
  readonly succeeded?: boolean;
  readonly gasUsed?: bigint;
  readonly createdAddress?: Address;
}

function execute(outcomes: readonly Outcome[]): readonly ExecutedTransaction[] {
  let cumulativeGasUsed = 0n;
  return outcomes.map(({ transaction, logs = [], succeeded = true, gasUsed = 21_000n, createdAddress = null }) => {
    cumulativeGasUsed += gasUsed;
    const tip = transaction.maxFeePerGasWei - BASE_FEE_WEI;
    const priority = transaction.maxPriorityFeePerGasWei < tip ? transaction.maxPriorityFeePerGasWei : tip;
    return {
      transaction,
      sender: transaction.sender,
      succeeded,
      gasUsed,
      cumulativeGasUsed,
      effectiveGasPriceWei: BASE_FEE_WEI + priority,
      createdAddress,
      logs,
      logsBloom: computeLogsBloom(logs),
    };
  });
}

/** The block that follows `parent` (`null` makes the genesis), half a second later. */
export function makeBlock(
  parent: BlockRecord | null,
  outcomes: readonly Outcome[],
  requests: HybridRequests = NO_REQUESTS,
): BlockRecord {
  const number = parent === null ? 0 : parent.block.header.number + 1;
  const transactions = execute(outcomes);
  const receipts = transactions.map((executed) => encodeReceipt({ ...executed, type: executed.transaction.type }));
  const header: FastHeader = {
    parentHash: parent === null ? ZERO_HASH : parent.block.hash,
    coinbase: address("c0"),
    stateRoot: word(`5a${number}`),
    transactionsRoot: computeListRoot(transactions.map(({ transaction }) => transaction.encoded)),
    receiptsRoot: computeListRoot(receipts),
    logsBloom: mergeBlooms(transactions.map(({ logsBloom }) => logsBloom)),
    number,
    gasLimit: 30_000_000n,
    gasUsed: transactions.at(-1)?.cumulativeGasUsed ?? 0n,
    timestamp: 1_800_000_000 + (number >> 1),
    extraData: encodeExtraData({ epoch: 1, view: number, milliseconds: (number % 2) * 500 }),
    beacon: word("be"),
    baseFeePerGasWei: BASE_FEE_WEI,
    snailPointer: word("50"),
    requestsHash: hashHybridRequests(requests),
  };
  const block = {
    header,
    hash: hashFastHeader(header),
    transactions: transactions.map(({ transaction }) => transaction),
    requests,
  };
  return { block, transactions };
}

/** One transaction of every type, by name. */
export function sampleTransactions() {
  const authorization = { chainId: CHAIN_ID, address: TOKEN, nonce: 9n };
  const signed = signHash(authorizationSigningHash(authorization), CAROL_KEY);
  return {
    legacy: signTransaction(
      fields({ type: 0, maxFeePerGasWei: 2_000_000_000n, maxPriorityFeePerGasWei: 2_000_000_000n }),
      ALICE_KEY,
    ),
    unprotected: signTransaction(
      fields({ type: 0, chainId: null, maxFeePerGasWei: 2_000_000_000n, maxPriorityFeePerGasWei: 2_000_000_000n }),
      BOB_KEY,
    ),
    accessList: signTransaction(
      fields({
        type: 0x01,
        nonce: 1n,
        maxFeePerGasWei: 2_000_000_000n,
        maxPriorityFeePerGasWei: 2_000_000_000n,
        accessList: [{ address: TOKEN, storageKeys: [word("1"), word("2")] }],
      }),
      ALICE_KEY,
    ),
    feeMarket: signTransaction(fields({ nonce: 2n, to: TOKEN, data: Uint8Array.of(0xa9, 5, 9, 0xcb) }), ALICE_KEY),
    creation: signTransaction(fields({ nonce: 3n, to: null, data: Uint8Array.of(0x60, 0) }), ALICE_KEY),
    setCode: signTransaction(
      fields({ type: 0x04, nonce: 4n, authorizations: [{ ...authorization, ...signed }] }),
      ALICE_KEY,
    ),
    sponsored: signTransaction(
      fields({
        type: 0x54,
        nonce: 1n,
        to: CAROL,
        sponsorship: { feeWei: 77n, payer: CAROL, validUntilSeconds: 1_900_000_000n },
      }),
      BOB_KEY,
      CAROL_KEY,
    ),
  };
}

/** Genesis and four blocks; block 4 is empty. */
export function sampleChain(): readonly BlockRecord[] {
  const { legacy, unprotected, accessList, feeMarket, creation, setCode, sponsored } = sampleTransactions();
  const genesis = makeBlock(null, []);
  const first = makeBlock(genesis, [{ transaction: legacy }, { transaction: unprotected, succeeded: false }]);
  const second = makeBlock(first, [
    { transaction: accessList, gasUsed: 30_000n, logs: [transferLog(ALICE, BOB, 1)] },
    { transaction: feeMarket, gasUsed: 50_000n, logs: [transferLog(BOB, CAROL, 2), transferLog(CAROL, ALICE, 3)] },
  ]);
  const third = makeBlock(second, [
    { transaction: creation, gasUsed: 60_000n, createdAddress: TOKEN },
    { transaction: setCode, gasUsed: 46_000n },
    { transaction: sponsored, logs: [{ address: address("71"), topics: [word("aa")], data: new Uint8Array(0) }] },
  ]);
  return [genesis, first, second, third, makeBlock(third, [])];
}
