import { bytesToHex, type Prng } from "@festina/primitives";
import { mutateBytes } from "./mutate.ts";

/** Every method that a node answers, subscriptions included, and some that it does not. */
const METHODS = [
  ..."accounts blockNumber call chainId estimateGas feeHistory gasPrice getBalance getBlockByHash getBlockByNumber"
    .split(" ")
    .map((name) => `eth_${name}`),
  ..."getBlockReceipts getBlockTransactionCountByHash getBlockTransactionCountByNumber getCode getFilterChanges"
    .split(" ")
    .map((name) => `eth_${name}`),
  ..."getFilterLogs getLogs getProof getStorageAt getTransactionByBlockHashAndIndex getTransactionByHash newFilter"
    .split(" ")
    .map((name) => `eth_${name}`),
  ..."getTransactionByBlockNumberAndIndex getTransactionCount getTransactionReceipt getUncleByBlockHashAndIndex sign"
    .split(" ")
    .map((name) => `eth_${name}`),
  ..."getUncleByBlockNumberAndIndex maxPriorityFeePerGas newBlockFilter newPendingTransactionFilter subscribe syncing"
    .split(" ")
    .map((name) => `eth_${name}`),
  ..."sendRawTransaction sendTransaction uninstallFilter unsubscribe getWork".split(" ").map((name) => `eth_${name}`),
  ..."accountRange getRawBlock getRawHeader getRawReceipts getRawTransaction traceTransaction"
    .split(" ")
    .map((name) => `debug_${name}`),
  ..."snail_blockNumber snail_getBlockByHash snail_getBlockByNumber snail_getWork snail_submitWork snail_subscribe snail_unsubscribe snail_getPowSample snail_getRewards snail_getBlockRewards snail_expectedReward".split(
    " ",
  ),
  ..."committee_get committee_explain committee_getCertificate committee_getEvidence committee_submitEvidence festina_engine festina_finality festina_requests festina_status festina_supply fruit_getByHash".split(
    " ",
  ),
  ..."block transaction get filter replayTransaction replayBlockTransactions call"
    .split(" ")
    .map((name) => `trace_${name}`),
  ..."hasCode getInternalOperations getTransactionError traceTransaction getBlockDetails getBlockDetailsByHash"
    .split(" ")
    .map((name) => `ots_${name}`),
  ..."getBlockTransactions searchTransactionsBefore searchTransactionsAfter getTransactionBySenderAndNonce"
    .split(" ")
    .map((name) => `ots_${name}`),
  ..."ots_getContractCreator erigon_getHeaderByNumber eth_simulateV1 eth_fillTransaction eth_signTransaction".split(
    " ",
  ),
  ..."eth_config eth_capabilities eth_createAccessList debug_traceCall txpool_contentFrom rpc.discover".split(" "),
  ..."net_version net_peerCount web3_sha3 web3_clientVersion txpool_content txpool_inspect txpool_status".split(" "),
  ..."personal_sign rpc_modules toString __proto__ constructor eth_".split(" "),
];

const ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const HASH = `0x${"ab".repeat(32)}`;

/** Values that a careless reader of parameters takes for something else. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  "",
  "0x",
  "0x0",
  "0x1",
  "0xzz",
  "0x00",
  "0xffffffffffffffff",
  `0x${"f".repeat(64)}`,
  `0x${"f".repeat(4_000)}`,
  "latest",
  "pending",
  "earliest",
  "finalized",
  "newHeads",
  "logs",
  "__proto__",
  "\u0000\ud800",
  ADDRESS,
  HASH,
  [],
  [[[[]]]],
  {},
];

const KEYS =
  "from to gas gasPrice maxFeePerGas value data input nonce accessList fromBlock toBlock address topics blockStateCalls calls stateOverrides blockOverrides validation tracer fromAddress count".split(
    " ",
  );

function pick<T>(prng: Prng, list: readonly T[]): T {
  return list[prng.below(list.length)] as T;
}

function strangeValue(prng: Prng, depth = 0): unknown {
  const roll = prng.below(10);
  if (roll === 0 && depth < 3) return Array.from({ length: prng.below(4) }, () => strangeValue(prng, depth + 1));
  if (roll <= 2 && depth < 3) {
    const entries = Array.from({ length: 1 + prng.below(5) }, () => [pick(prng, KEYS), strangeValue(prng, depth + 1)]);
    return Object.fromEntries(entries);
  }
  if (roll === 3) return bytesToHex(prng.bytes(prng.below(80)));
  return pick(prng, STRANGE);
}

function request(prng: Prng): Record<string, unknown> {
  const params = Array.from({ length: prng.below(5) }, () => strangeValue(prng));
  return { jsonrpc: "2.0", id: 1 + prng.below(1_000), method: pick(prng, METHODS), params };
}

/** Requests with one part of the envelope wrong. */
function damagedRequest(prng: Prng): unknown {
  const whole = request(prng);
  const name = pick(prng, Object.keys(whole));
  if (prng.below(3) > 0) return { ...whole, [name]: strangeValue(prng) };
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
}

const encoder = new TextEncoder();

/** One message for the RPC port: noise, damaged JSON, damaged envelopes, strange parameters, batches of those. */
export function createRpcGarbage(prng: Prng): Uint8Array {
  const text = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
  switch (prng.below(8)) {
    case 0:
      return prng.bytes(prng.below(300));
    case 1:
      return mutateBytes(prng, text(request(prng)));
    case 2:
      return text(damagedRequest(prng));
    case 3:
      return text(strangeValue(prng));
    case 4:
      return text(Array.from({ length: prng.below(8) }, () => damagedRequest(prng)));
    default:
      return text(request(prng));
  }
}
