import { FAMILIES, isSilent } from "../development/families.ts";
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
  named,
  nullable,
  object,
  options,
  QUANTITY,
  type Schema,
  STRING,
} from "./schemas.ts";
import { address, call, nonce, transactionHash } from "./sharedParams.ts";

const amount = needs("amount", QUANTITY);
const balance = needs("balance", QUANTITY);
const enabled = takes("enabled", BOOLEAN);
const seconds = needs("seconds", COUNT);
const time = needs("timestamp", COUNT);

type Row = readonly [string, string, readonly DescribedParam[], Schema];

/** Under the prefixes of all families. */
const SHARED: readonly Row[] = [
  ["setBalance", "Sets what an account has, in wei.", [address, balance], BOOLEAN],
  ["addBalance", "Gives an account more wei.", [address, amount], BOOLEAN],
  ["setCode", "Sets an account's code.", [address, needs("code", BYTES)], BOOLEAN],
  ["setNonce", "Sets an account's nonce.", [address, nonce], BOOLEAN],
  ["setStorageAt", "Sets a slot.", [address, needs("slot", STRING), needs("value", STRING)], BOOLEAN],
  ["impersonateAccount", "Takes transactions in an account's name without its key.", [address], BOOLEAN],
  ["stopImpersonatingAccount", "Takes them no more.", [address], BOOLEAN],
  ["autoImpersonateAccount", "Takes transactions in anybody's name without keys, or not.", [enabled], BOOLEAN],
  [
    "reset",
    "Back to the first block of a chain of its own; with `forking`, of one that goes on from another chain's block.",
    [takes("options", options({ forking: options({ jsonRpcUrl: STRING, blockNumber: QUANTITY }) }))],
    BOOLEAN,
  ],
  ["dumpState", "Everything there is, compressed.", [], BYTES],
  [
    "loadState",
    "Goes on from a dump, or takes over the accounts of a state that anvil saved.",
    [needs("state", BYTES)],
    BOOLEAN,
  ],
  ["dropAllTransactions", "Forgets all of them.", [], NOTHING],
  ["setNextBlockBaseFeePerGas", "The base fee of the next block.", [needs("baseFeePerGas", QUANTITY)], BOOLEAN],
  ["setBlockGasLimit", "The gas limit of blocks from now on.", [needs("gasLimit", QUANTITY)], BOOLEAN],
  ["setCoinbase", "Whom blocks pay from now on.", [needs("coinbase", ADDRESS)], BOOLEAN],
];

const mining = [takes("options", either(COUNT, options({ timestamp: COUNT, blocks: COUNT })))];
const gasPrice = needs("gasPrice", QUANTITY);
const prevRandao = needs("prevRandao", STRING);
const token = needs("token", ADDRESS);
const tokens = [address, token, balance];
const many = [takes("blocks", COUNT), takes("interval", COUNT)];
const textOrNumber = either(STRING, NUMBER);

/** Under the prefixes that are named. */
const NAMED: readonly (readonly [readonly string[], ...Row])[] = [
  [["evm"], "mine", "Makes a block.", mining, STRING],
  [["hardhat"], "mine", "Makes blocks, with seconds between them.", many, BOOLEAN],
  [["anvil"], "mine", "Makes blocks, with seconds between them.", many, NOTHING],
  [["evm", "anvil"], "mine_detailed", "Makes blocks as evm_mine, and shows them.", mining, list(named("Block"))],
  [["evm"], "setAutomine", "Whether each transaction makes a block.", [enabled], BOOLEAN],
  [["anvil"], "setAutomine", "Whether each transaction makes a block.", [enabled], NOTHING],
  [["hardhat", "anvil"], "getAutomine", "Whether each transaction makes a block.", [], BOOLEAN],
  [
    ["evm"],
    "setIntervalMining",
    "A block this often, in milliseconds; in seconds where `--client-version` begins with `anvil`.",
    [needs("interval", either(COUNT, list(COUNT)))],
    BOOLEAN,
  ],
  [["anvil"], "setIntervalMining", "A block this often, in seconds.", [seconds], NOTHING],
  [["anvil"], "getIntervalMining", "How often, in seconds.", [], nullable(NUMBER)],
  [["evm", "hardhat", "anvil"], "increaseTime", "Lets time jump.", [seconds], textOrNumber],
  [["evm", "hardhat"], "setNextBlockTimestamp", "The time of the next block.", [time], STRING],
  [["anvil"], "setNextBlockTimestamp", "The time of the next block.", [time], NOTHING],
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
  [["hardhat", "anvil"], "setMinGasPrice", "Refused: the base fee says what gas costs.", [gasPrice], NOTHING],
  [["hardhat"], "setPrevRandao", "What code of the next block reads as PREVRANDAO.", [prevRandao], BOOLEAN],
  [["anvil"], "setNextBlockPrevRandao", "What code of the next block reads as PREVRANDAO.", [prevRandao], NOTHING],
  [["hardhat", "evm"], "dropTransaction", "Forgets a waiting transaction.", [transactionHash], BOOLEAN],
  [["anvil"], "dropTransaction", "Forgets a waiting transaction.", [transactionHash], nullable(HASH)],
  [["anvil"], "getGenesisTime", "When the chain began, in Unix seconds.", [], INTEGER],
  [["anvil", "hardhat"], "dealERC20", "Sets what an account has of a token.", tokens, NOTHING],
  [["anvil"], "setERC20Balance", "Sets what an account has of a token.", tokens, NOTHING],
  [
    ["anvil"],
    "setERC20Allowance",
    "Sets what another account may spend of a token.",
    [needs("owner", ADDRESS), needs("spender", ADDRESS), token, amount],
    NOTHING,
  ],
  [["tenderly"], "setBalance", "Sets what an account has, in wei.", [address, balance], NOTHING],
  [["tenderly"], "addBalance", "Gives an account more wei.", [address, amount], NOTHING],
  [["anvil"], "setChainId", "Refused: the chain id is in every certificate.", [needs("chainId", COUNT)], NOTHING],
  [
    ["anvil"],
    "setRpcUrl",
    "Refused: `anvil_reset` with `forking.jsonRpcUrl` forks another chain.",
    [needs("url", STRING)],
    NOTHING,
  ],
  [
    ["anvil"],
    "impersonateSignature",
    "Refused: who sends follows from a signature.",
    [needs("signature", BYTES), address],
    NOTHING,
  ],
  [["anvil"], "getBlobByHash", "null: there are no blobs.", [needs("versionedHash", HASH)], NOTHING],
  [["anvil"], "getBlobsByTransactionHash", "null: there are no blobs.", [transactionHash], NOTHING],
  [["eth"], "sendUnsignedTransaction", "Sends in anybody's name.", [call], HASH],
  [["hardhat"], "setLoggingEnabled", "true: what is logged is chosen at the start.", [], BOOLEAN],
  [["anvil"], "setLoggingEnabled", "null: what is logged is chosen at the start.", [], NOTHING],
];

/** Controls of development chains; nodes of other networks have none of them. */
export const DEVELOPMENT_METHODS: readonly DescribedMethod[] = [
  ...FAMILIES.flatMap((family) =>
    SHARED.map(([name, summary, params, result]) => {
      const answer = result === BOOLEAN && isSilent(family, name) ? NOTHING : result;
      return method(`${family}_${name}`, summary, params, answer);
    }),
  ),
  ...NAMED.flatMap(([families, name, ...rest]) => families.map((family) => method(`${family}_${name}`, ...rest))),
];
