import { type DescribedMethod, type DescribedParam, method, needs, takes } from "./describedMethod.ts";
import {
  ADDRESS,
  ANYTHING,
  BOOLEAN,
  BYTES,
  COUNT,
  either,
  HASH,
  INTEGER,
  list,
  mapOf,
  NOTHING,
  NUMBER,
  nullable,
  object,
  options,
  QUANTITY,
  type Schema,
  STRING,
} from "./schemas.ts";
import { address, call, nonce, transactionHash } from "./sharedParams.ts";

const seconds = needs("seconds", COUNT);
const time = needs("timestamp", COUNT);

type Row = readonly [string, string, readonly DescribedParam[], Schema];

/** Under the prefixes of all families. */
const SHARED: readonly Row[] = [
  ["setBalance", "Sets what an account has, in wei.", [address, needs("balance", QUANTITY)], BOOLEAN],
  ["addBalance", "Gives an account more wei.", [address, needs("amount", QUANTITY)], BOOLEAN],
  ["setCode", "Sets an account's code.", [address, needs("code", BYTES)], BOOLEAN],
  ["setNonce", "Sets an account's nonce.", [address, nonce], BOOLEAN],
  ["setStorageAt", "Sets a slot.", [address, needs("slot", STRING), needs("value", STRING)], BOOLEAN],
  ["impersonateAccount", "Takes transactions in an account's name without its key.", [address], BOOLEAN],
  ["stopImpersonatingAccount", "Ends that.", [address], BOOLEAN],
  ["autoImpersonateAccount", "Does so for everybody, or not.", [takes("enabled", BOOLEAN)], BOOLEAN],
  ["reset", "Back to the first block.", [takes("options", options({}))], BOOLEAN],
  ["dumpState", "Everything there is, compressed.", [], BYTES],
  ["loadState", "Goes on from a dump.", [needs("state", BYTES)], BOOLEAN],
  ["dropTransaction", "Forgets a waiting transaction.", [transactionHash], either(HASH, BOOLEAN)],
  ["dropAllTransactions", "Forgets all of them.", [], NOTHING],
  ["setNextBlockBaseFeePerGas", "The base fee of the next block.", [needs("baseFeePerGas", QUANTITY)], BOOLEAN],
  ["setBlockGasLimit", "The gas limit of blocks from now on.", [needs("gasLimit", QUANTITY)], BOOLEAN],
  ["setCoinbase", "Whom blocks pay from now on.", [needs("coinbase", ADDRESS)], BOOLEAN],
];

const many = [takes("blocks", COUNT), takes("interval", COUNT)];
const textOrNumber = either(STRING, NUMBER);

/** Under the prefixes that are named. */
const NAMED: readonly (readonly [readonly string[], ...Row])[] = [
  [
    ["evm"],
    "mine",
    "Makes a block.",
    [takes("options", either(COUNT, options({ timestamp: COUNT, blocks: COUNT })))],
    STRING,
  ],
  [["hardhat", "anvil"], "mine", "Makes blocks, with seconds between them.", many, NOTHING],
  [["evm", "anvil"], "setAutomine", "Whether each transaction makes a block.", [takes("enabled", BOOLEAN)], BOOLEAN],
  [["hardhat", "anvil"], "getAutomine", "Whether it does.", [], BOOLEAN],
  [
    ["evm"],
    "setIntervalMining",
    "A block this often, in milliseconds.",
    [needs("interval", either(COUNT, list(COUNT)))],
    BOOLEAN,
  ],
  [["anvil"], "setIntervalMining", "A block this often, in seconds.", [seconds], NOTHING],
  [["anvil"], "getIntervalMining", "How often, in seconds.", [], nullable(NUMBER)],
  [["evm", "hardhat", "anvil"], "increaseTime", "Lets time jump.", [seconds], textOrNumber],
  [["evm", "anvil", "hardhat"], "setNextBlockTimestamp", "The time of the next block.", [time], STRING],
  [["evm"], "setTime", "What time it is, in milliseconds.", [needs("time", COUNT)], INTEGER],
  [["anvil"], "setTime", "What time it is, in seconds.", [needs("time", COUNT)], INTEGER],
  [["evm", "anvil"], "setBlockTimestampInterval", "The time between blocks.", [seconds], NOTHING],
  [["evm", "anvil"], "removeBlockTimestampInterval", "Time by the clock again.", [], BOOLEAN],
  [["evm", "anvil"], "snapshot", "Remembers where the chain is.", [], QUANTITY],
  [["evm", "anvil"], "revert", "Goes back to a snapshot.", [needs("snapshot", COUNT)], BOOLEAN],
  [["anvil"], "rollback", "Undoes the newest blocks.", [takes("depth", COUNT)], NOTHING],
  [
    ["anvil"],
    "reorg",
    "Other blocks instead of the newest ones; pairs of a transaction, raw or to be signed here, and the block's offset.",
    [needs("depth", COUNT), takes("transactions", list(list(ANYTHING)))],
    NOTHING,
  ],
  [
    ["hardhat", "anvil"],
    "metadata",
    "What this chain is.",
    [],
    object({ clientVersion: STRING, chainId: INTEGER, instanceId: HASH }),
  ],
  [["anvil"], "nodeInfo", "What this node does.", [], mapOf(ANYTHING)],
  [["evm"], "setAccountNonce", "Sets an account's nonce.", [address, nonce], BOOLEAN],
  [["anvil"], "removePoolTransactions", "Forgets what waits of one sender.", [address], NOTHING],
  [["hardhat", "anvil"], "setMinGasPrice", "Refused: the base fee says what gas costs.", [], NOTHING],
  [["eth"], "sendUnsignedTransaction", "Sends in anybody's name.", [call], HASH],
  [["hardhat", "anvil"], "setLoggingEnabled", "true: what is logged is chosen at the start.", [], BOOLEAN],
];

/** Controls of development chains; nodes of other networks have none of them. */
export const DEVELOPMENT_METHODS: readonly DescribedMethod[] = [
  ...["hardhat", "anvil", "evm"].flatMap((family) =>
    SHARED.map(([name, ...rest]) => method(`${family}_${name}`, ...rest)),
  ),
  ...NAMED.flatMap(([families, name, ...rest]) => families.map((family) => method(`${family}_${name}`, ...rest))),
];
