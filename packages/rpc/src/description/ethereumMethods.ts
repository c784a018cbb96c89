import { type DescribedMethod, method, needs, takes } from "./describedMethod.ts";
import { REPEATED_METHODS } from "./repeatedMethods.ts";
import {
  ADDRESS,
  ANYTHING,
  BOOLEAN,
  BYTES,
  CALL,
  either,
  HASH,
  INTEGER,
  list,
  mapOf,
  NOTHING,
  NUMBER,
  named,
  nullable,
  object,
  options,
  QUANTITY,
  STRING,
  words,
} from "./schemas.ts";
import { address, block, blockHash, call, nonce, transactionHash, whichBlock } from "./sharedParams.ts";

const overrides = [takes("stateOverrides", named("StateOverrides")), takes("blockOverrides", named("BlockOverrides"))];
const index = needs("index", QUANTITY);
const timeout = takes("timeout", QUANTITY);
const full = takes("withTransactions", BOOLEAN);
const filter = needs("filter", named("LogFilter"));
const filterId = needs("filterId", QUANTITY);
const signed = object({ raw: BYTES, tx: ANYTHING });
const changes = list(either(HASH, named("Log")));
const pool = mapOf(mapOf(mapOf(ANYTHING)));

const CHAIN: readonly DescribedMethod[] = [
  method("eth_chainId", "The chain id that transactions are signed for.", [], QUANTITY),
  method("eth_blockNumber", "The height of the newest final block.", [], QUANTITY),
  method("eth_syncing", "false: only final blocks are shown.", [], either(BOOLEAN, mapOf(QUANTITY))),
  method("eth_coinbase", "Whom this node's blocks pay.", [], ADDRESS),
  method("eth_baseFee", "The base fee of the next block, in wei.", [], QUANTITY),
  method("eth_blobBaseFee", "1: there are no blobs.", [], QUANTITY),
  method("eth_getBlockByNumber", "A block.", [whichBlock, full], nullable(named("Block"))),
  method("eth_getBlockByHash", "A block by its hash.", [blockHash, full], nullable(named("Block"))),
  method(
    "eth_getBlockTransactionCountByNumber",
    "How many transactions a block has.",
    [whichBlock],
    nullable(QUANTITY),
  ),
  method(
    "eth_getBlockTransactionCountByHash",
    "How many transactions a block has, by its hash.",
    [blockHash],
    nullable(QUANTITY),
  ),
  method(
    "eth_getTransactionByBlockNumberAndIndex",
    "A transaction by its place.",
    [whichBlock, index],
    nullable(named("Transaction")),
  ),
  method(
    "eth_getTransactionByBlockHashAndIndex",
    "A transaction by its place, and the block's hash.",
    [blockHash, index],
    nullable(named("Transaction")),
  ),
  method(
    "eth_getTransactionByHash",
    "A transaction, final or waiting.",
    [transactionHash],
    nullable(named("Transaction")),
  ),
  method(
    "eth_getRawTransactionByHash",
    "The encoding of a transaction, final or waiting.",
    [transactionHash],
    nullable(BYTES),
  ),
  method(
    "eth_getRawTransactionByBlockNumberAndIndex",
    "The encoding of a transaction by its place.",
    [whichBlock, index],
    nullable(BYTES),
  ),
  method(
    "eth_getRawTransactionByBlockHashAndIndex",
    "The encoding of a transaction by its place, and the block's hash.",
    [blockHash, index],
    nullable(BYTES),
  ),
  method(
    "eth_getTransactionBySenderAndNonce",
    "A transaction, final or waiting, by who sent it.",
    [needs("sender", ADDRESS), nonce],
    nullable(named("Transaction")),
  ),
  method(
    "eth_pendingTransactions",
    "What waits of the accounts that this node signs for.",
    [],
    list(named("Transaction")),
  ),
  method("eth_getHeaderByNumber", "A block without its transactions.", [whichBlock], nullable(named("Header"))),
  method(
    "eth_getHeaderByHash",
    "A block without its transactions, by its hash.",
    [blockHash],
    nullable(named("Header")),
  ),
  method("eth_getTransactionReceipt", "What a final transaction did.", [transactionHash], nullable(named("Receipt"))),
  method("eth_getBlockReceipts", "The receipts of a block.", [whichBlock], nullable(list(named("Receipt")))),
  method("eth_getUncleCountByBlockNumber", "Zero: there are no uncles.", [whichBlock], nullable(QUANTITY)),
  method("eth_getUncleCountByBlockHash", "Zero: there are no uncles.", [blockHash], nullable(QUANTITY)),
  method("eth_getUncleByBlockNumberAndIndex", "null: there are no uncles.", [whichBlock, index], NOTHING),
  method("eth_getUncleByBlockHashAndIndex", "null: there are no uncles.", [blockHash, index], NOTHING),
  method("eth_mining", "Whether this node searches for snail blocks.", [], BOOLEAN),
  method("eth_hashrate", "Hashes per second of this node's miner.", [], QUANTITY),
  method(
    "eth_config",
    "The machine's rules (EIP-7910).",
    [],
    object({ current: mapOf(ANYTHING), next: NOTHING, last: NOTHING }),
  ),
  method(
    "eth_capabilities",
    "Which data this node keeps.",
    [],
    object({ head: object({ number: QUANTITY, hash: HASH }) }),
  ),
];

const STATE: readonly DescribedMethod[] = [
  method("eth_getBalance", "What an account has, in wei.", [address, block], QUANTITY),
  method(
    "eth_getTransactionCount",
    "The next nonce of an account; `pending` counts what waits.",
    [address, block],
    QUANTITY,
  ),
  method("eth_getCode", "The code of an account.", [address, block], BYTES),
  method(
    "eth_getAccount",
    "An account without code and storage.",
    [address, block],
    object({ balance: QUANTITY, codeHash: HASH, nonce: QUANTITY, storageRoot: HASH }),
  ),
  method(
    "eth_getAccountInfo",
    "An account with its code.",
    [address, block],
    object({ balance: QUANTITY, code: BYTES, nonce: QUANTITY }),
  ),
  method(
    "eth_getStorageValues",
    "Slots of several accounts, 1,024 at most.",
    [needs("slots", mapOf(list(STRING))), block],
    mapOf(list(HASH)),
  ),
  method("eth_getStorageAt", "A slot of an account.", [address, needs("slot", STRING), block], HASH),
  method(
    "eth_getProof",
    "An account and slots with their proofs.",
    [address, needs("storageKeys", list(STRING)), block],
    object({
      ...{ address: ADDRESS, accountProof: list(BYTES), balance: QUANTITY, codeHash: HASH, nonce: QUANTITY },
      ...{ storageHash: HASH, storageProof: list(object({ key: STRING, value: QUANTITY, proof: list(BYTES) })) },
    }),
  ),
];

const CALLS: readonly DescribedMethod[] = [
  method("eth_call", "What a call returns.", [call, block, ...overrides], BYTES),
  method(
    "eth_estimateGas",
    "The gas limit that is enough in the block to come, or in the block named.",
    [call, block, ...overrides],
    QUANTITY,
  ),
  method(
    "eth_createAccessList",
    "The access list of a call.",
    [call, block, ...overrides],
    object({ accessList: named("AccessList"), gasUsed: QUANTITY }),
  ),
  method(
    "eth_simulateV1",
    "Calls in blocks that never were, one after the other.",
    [
      needs(
        "payload",
        options({
          blockStateCalls: list(
            options({
              ...{
                blockOverrides: named("BlockOverrides"),
                stateOverrides: named("StateOverrides"),
                calls: list(CALL),
              },
            }),
          ),
          ...{ validation: BOOLEAN, traceTransfers: BOOLEAN, returnFullTransactions: BOOLEAN },
        }),
      ),
      block,
    ],
    list(named("Block")),
  ),
  method("eth_gasPrice", "A price that is taken soon, in wei per gas.", [], QUANTITY),
  method("eth_maxPriorityFeePerGas", "A priority fee that is taken soon, in wei per gas.", [], QUANTITY),
  method(
    "eth_feeHistory",
    "Base fees, fullness and priority fees of the newest blocks.",
    [needs("blockCount", QUANTITY), block, takes("rewardPercentiles", list(NUMBER))],
    object({ oldestBlock: QUANTITY, baseFeePerGas: list(QUANTITY), gasUsedRatio: list(NUMBER) }),
  ),
];

const SENDING: readonly DescribedMethod[] = [
  method("eth_accounts", "Accounts that this node signs for, on development chains.", [], list(ADDRESS)),
  method("eth_requestAccounts", "Accounts that this node signs for, as wallets are asked.", [], list(ADDRESS)),
  method("eth_sendRawTransaction", "Sends a signed transaction.", [needs("transaction", BYTES)], HASH),
  method("eth_sendTransaction", "Fills in, signs and sends, for a development account.", [call], HASH),
  method(
    "eth_sendRawTransactionSync",
    "Sends, and answers with the receipt; error 4 with the hash when none comes within so many milliseconds (EIP-7966).",
    [needs("transaction", BYTES), timeout],
    named("Receipt"),
  ),
  method(
    "eth_sendTransactionSync",
    "Fills in, signs and sends, and answers with the receipt.",
    [call, timeout],
    named("Receipt"),
  ),
  method("eth_signTransaction", "Fills in and signs.", [call], signed),
  method("eth_fillTransaction", "Fills in what is missing.", [call], signed),
  method("eth_sign", "Signs a message (EIP-191).", [address, needs("message", BYTES)], BYTES),
  method(
    "eth_signTypedData_v4",
    "Signs a record with types (EIP-712).",
    [address, needs("typedData", ANYTHING)],
    BYTES,
  ),
  method(
    "eth_signTypedData_v3",
    "Signs a record with types (EIP-712), by its older name.",
    [address, needs("typedData", ANYTHING)],
    BYTES,
  ),
  method(
    "personal_sign",
    "Signs a message (EIP-191), as wallets are asked.",
    [needs("message", BYTES), address, takes("password", STRING)],
    BYTES,
  ),
];

const WATCHING: readonly DescribedMethod[] = [
  method("eth_getLogs", "Logs of final blocks.", [filter], list(named("Log"))),
  method("eth_newFilter", "Begins to collect logs.", [filter], QUANTITY),
  method("eth_newBlockFilter", "Begins to collect block hashes.", [], QUANTITY),
  method("eth_newPendingTransactionFilter", "Begins to collect hashes of waiting transactions.", [], QUANTITY),
  method("eth_getFilterChanges", "What came since it was asked for last.", [filterId], changes),
  method("eth_getFilterLogs", "All logs of a filter.", [filterId], list(named("Log"))),
  method("eth_uninstallFilter", "Ends a filter.", [filterId], BOOLEAN),
  method(
    "eth_subscribe",
    "Over WebSocket: tells news as it comes.",
    [
      needs("subscription", words("newHeads", "logs", "newPendingTransactions", "syncing", "snailBlocks")),
      takes("options", ANYTHING),
    ],
    QUANTITY,
  ),
  method("eth_unsubscribe", "Ends a subscription.", [needs("subscription", QUANTITY)], BOOLEAN),
];

const PEER = object({
  ...{ nodeId: HASH, role: words("member", "observer", "miner"), agent: STRING, host: STRING },
  ...{ direction: words("inbound", "outbound"), isConfigured: BOOLEAN, isSeated: BOOLEAN, connectedMs: INTEGER },
  ...{ roundTripMs: nullable(NUMBER), framesLost: INTEGER, points: NUMBER },
});

const STRANGER = object({
  ...{ nodeId: HASH, host: STRING, direction: words("inbound", "outbound"), isConfigured: BOOLEAN, agoMs: INTEGER },
  code: words("VERSION_MISMATCH", "GENESIS_MISMATCH", "SPEC_MISMATCH"),
  ...{ theirs: nullable(STRING), ours: STRING, agent: nullable(STRING) },
});

const NODE: readonly DescribedMethod[] = [
  method("net_version", "The chain id in decimals.", [], STRING),
  method("eth_networkId", "The chain id in decimals.", [], STRING),
  method("net_listening", "true: this node takes part in a network.", [], BOOLEAN),
  method("net_peerCount", "How many nodes this one is connected to.", [], QUANTITY),
  method(
    "net_peers",
    "Whom this node is connected to, how many others it knows, and who was turned away as of another network.",
    [],
    object({
      ...{ nodeId: HASH, addresses: list(STRING), inbound: INTEGER, outbound: INTEGER },
      book: nullable(object({ heardOf: INTEGER, reached: INTEGER, members: INTEGER })),
      ...{ peers: list(PEER), strangers: list(STRANGER) },
    }),
  ),
  method("web3_clientVersion", "Name and version of this node.", [], STRING),
  method("web3_sha3", "keccak256 of bytes.", [needs("data", BYTES)], HASH),
  method("txpool_status", "How many transactions wait.", [], object({ pending: QUANTITY, queued: QUANTITY })),
  method("txpool_content", "What waits, by sender and nonce.", [], object({ pending: pool, queued: pool })),
  method(
    "txpool_contentFrom",
    "What waits of one sender.",
    [address],
    object({ pending: mapOf(ANYTHING), queued: mapOf(ANYTHING) }),
  ),
  method(
    "txpool_inspect",
    "What waits, in words.",
    [],
    object({ pending: mapOf(mapOf(STRING)), queued: mapOf(mapOf(STRING)) }),
  ),
  method("rpc_modules", "The namespaces of this node.", [], mapOf(STRING)),
  method("rpc.discover", "This document.", [], object({ openrpc: STRING, methods: list(ANYTHING) })),
];

/** Methods that Ethereum's clients have. */
export const ETHEREUM_METHODS: readonly DescribedMethod[] = [
  ...[...CHAIN, ...STATE, ...CALLS, ...SENDING, ...WATCHING, ...NODE, ...REPEATED_METHODS],
];
