import { type DescribedMethod, method, needs, takes } from "./describedMethod.ts";
import {
  ADDRESS,
  ANYTHING,
  BLOCK,
  BOOLEAN,
  BYTES,
  HASH,
  INTEGER,
  list,
  mapOf,
  named,
  nullable,
  object,
  options,
  QUANTITY,
  words,
} from "./schemas.ts";
import { address, block, blockHash, call, nonce, transactionHash, whichBlock } from "./sharedParams.ts";

const config = takes("config", named("TraceConfig"));

const DEBUG: readonly DescribedMethod[] = [
  method("debug_getRawHeader", "A header's encoding.", [whichBlock], BYTES),
  method("debug_getRawBlock", "A block's encoding.", [whichBlock], BYTES),
  method("debug_getRawReceipts", "The encodings of a block's receipts.", [whichBlock], list(BYTES)),
  method("debug_getRawTransaction", "A final transaction's encoding.", [transactionHash], nullable(BYTES)),
  method("debug_getBadBlocks", "Nothing: a block that breaks a rule is not kept.", [], list(ANYTHING)),
  method(
    "debug_accountRange",
    "Accounts in the order of their hashed addresses.",
    [
      ...[block, takes("startKey", HASH), takes("maxResults", QUANTITY)],
      // Of geth's; here each account comes with its root and code hash, and without code and storage.
      ...["withoutCode", "withoutStorage", "withIncomplete"].map((name) => takes(name, BOOLEAN)),
    ],
    object({ root: HASH, accounts: mapOf(ANYTHING), next: nullable(HASH) }),
  ),
  method("debug_traceTransaction", "A final transaction, run again and watched.", [transactionHash, config], ANYTHING),
  method("debug_traceCall", "A call, watched.", [call, block, config], ANYTHING),
  method(
    "debug_traceBlockByNumber",
    "A block's transactions, watched.",
    [whichBlock, config],
    list(object({ txHash: HASH, result: ANYTHING })),
  ),
  method(
    "debug_traceBlockByHash",
    "A block's transactions, watched, by its hash.",
    [blockHash, config],
    list(object({ txHash: HASH, result: ANYTHING })),
  ),
];

const traces = list(named("FlatTrace"));
const types = needs("traceTypes", list(words("trace", "stateDiff")));

const TRACES: readonly DescribedMethod[] = [
  method("trace_block", "The calls of a block's transactions, in a row.", [whichBlock], nullable(traces)),
  method("trace_transaction", "The calls of a final transaction, in a row.", [transactionHash], nullable(traces)),
  method(
    "trace_get",
    "One of the calls of a final transaction.",
    [transactionHash, needs("indices", list(QUANTITY))],
    nullable(named("FlatTrace")),
  ),
  method(
    "trace_filter",
    "Calls of up to 1,000 blocks by who made and who took them.",
    [
      needs(
        "filter",
        options({
          ...{ fromBlock: BLOCK, toBlock: BLOCK, fromAddress: list(ADDRESS), toAddress: list(ADDRESS) },
          ...{ after: INTEGER, count: INTEGER },
        }),
      ),
    ],
    traces,
  ),
  method(
    "trace_replayTransaction",
    "Calls and changes of a final transaction.",
    [transactionHash, types],
    nullable(named("Replay")),
  ),
  method(
    "trace_replayBlockTransactions",
    "Calls and changes of a block's transactions.",
    [whichBlock, types],
    nullable(list(named("Replay"))),
  ),
  method("trace_call", "Calls and changes of a call.", [call, types, block], named("Replay")),
  method(
    "trace_callMany",
    "Calls and changes of up to 256 calls (pairs of call and types), each on what the ones before it left.",
    [needs("calls", list(list(ANYTHING))), block],
    list(named("Replay")),
  ),
];

const pages = [needs("pageNumber", QUANTITY), needs("pageSize", QUANTITY)];
const search = [address, needs("blockNumber", QUANTITY), needs("pageSize", QUANTITY)];
const details = nullable(object({ block: mapOf(ANYTHING), issuance: mapOf(QUANTITY), totalFees: QUANTITY }));

const OTTERSCAN: readonly DescribedMethod[] = [
  method("ots_getApiLevel", "The version of this method set.", [], INTEGER),
  method("ots_hasCode", "Whether an account is a contract.", [address, block], BOOLEAN),
  method(
    "ots_getInternalOperations",
    "Coins that code moved, and contracts that it made.",
    [transactionHash],
    list(object({ type: INTEGER, from: ADDRESS, to: ADDRESS, value: QUANTITY })),
  ),
  method(
    "ots_traceTransaction",
    "The calls of a transaction, in a row, with their depth.",
    [transactionHash],
    list(mapOf(ANYTHING)),
  ),
  method("ots_getTransactionError", "What a revert returned.", [transactionHash], BYTES),
  method("ots_getBlockDetails", "A block with its fees.", [whichBlock], details),
  method("ots_getBlockDetailsByHash", "A block with its fees, by its hash.", [blockHash], details),
  method(
    "ots_getBlockTransactions",
    "A page of a block's transactions.",
    [whichBlock, ...pages],
    nullable(object({ fullblock: mapOf(ANYTHING), receipts: list(mapOf(ANYTHING)) })),
  ),
  method(
    "ots_searchTransactionsBefore",
    "An account's transactions before a block; 0: the newest. Inside of calls it is looked for in blocks of 60,000,000 gas together.",
    search,
    named("OtterscanPage"),
  ),
  method(
    "ots_searchTransactionsAfter",
    "An account's transactions after a block; 0: the oldest. Inside of calls it is looked for in blocks of 60,000,000 gas together.",
    search,
    named("OtterscanPage"),
  ),
  method("ots_getTransactionBySenderAndNonce", "The transaction that used a nonce.", [address, nonce], nullable(HASH)),
  method(
    "ots_getContractCreator",
    "Who made a contract.",
    [address],
    nullable(object({ hash: HASH, creator: ADDRESS })),
  ),
  method("erigon_getHeaderByNumber", "A header.", [whichBlock], nullable(named("Header"))),
];

/** What has happened, run again and looked at: traces, raw bytes, and Otterscan's questions. */
export const REPEATED_METHODS: readonly DescribedMethod[] = [...DEBUG, ...TRACES, ...OTTERSCAN];
