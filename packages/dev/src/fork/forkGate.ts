// What is asked of a fork: about the other chain's blocks, the other chain; all else, the methods themselves, which are called
// again once what they lacked has been fetched.
import { type Hash32, parseHash32 } from "@festina/primitives";
import { type ForkFacts, type ForkGate, RPC_CODE, type RpcBackend, RpcError, toQuantity } from "@festina/rpc";
import { StateUnreachableError, whenFetched } from "@festina/tvm";
import { ForkedRanges } from "./forkedRanges.ts";
import { OlderBlocks } from "./olderBlocks.ts";
import { type RemoteClient, RemoteRefusal } from "./remoteClient.ts";

type Values = readonly unknown[];
type Call = (params: Values) => unknown;

/** Methods that read a state, with the place of the block among their parameters. */
const OF_STATE: Readonly<Record<string, number>> = {
  ...{ eth_getBalance: 1, eth_getTransactionCount: 1, eth_getCode: 1, eth_getStorageAt: 2, eth_getProof: 2 },
  ...{ eth_getAccount: 1, eth_getAccountInfo: 1, eth_getStorageValues: 1 },
  ...{ eth_call: 1, eth_estimateGas: 1, eth_createAccessList: 1, eth_simulateV1: 1 },
  ...{ debug_traceCall: 1, trace_call: 2, trace_callMany: 1 },
};
/** Methods about a block that is named by its number in the first parameter, or by a tag. */
const OF_NUMBER: ReadonlySet<string> = new Set([
  "eth_getBlockByNumber",
  "eth_getHeaderByNumber",
  "eth_getBlockTransactionCountByNumber",
  "eth_getTransactionByBlockNumberAndIndex",
  "eth_getRawTransactionByBlockNumberAndIndex",
  "eth_getUncleCountByBlockNumber",
  "eth_getUncleByBlockNumberAndIndex",
  "eth_getBlockReceipts",
  "debug_traceBlockByNumber",
  "trace_block",
  "trace_replayBlockTransactions",
]);
const OF_BLOCK_HASH: ReadonlySet<string> = new Set([
  "eth_getBlockByHash",
  "eth_getHeaderByHash",
  "eth_getBlockTransactionCountByHash",
  "eth_getTransactionByBlockHashAndIndex",
  "eth_getRawTransactionByBlockHashAndIndex",
  "eth_getUncleCountByBlockHash",
  "eth_getUncleByBlockHashAndIndex",
  "debug_traceBlockByHash",
]);
const OF_TRANSACTION_HASH: ReadonlySet<string> = new Set([
  "eth_getTransactionByHash",
  "eth_getTransactionReceipt",
  "eth_getRawTransactionByHash",
  "debug_traceTransaction",
  "trace_transaction",
  "trace_replayTransaction",
]);
const PROVING: ReadonlySet<string> = new Set(["eth_getProof", "eth_getAccount"]);
const HASH_CHARACTERS = 66;
const isHash = (value: unknown): value is string => typeof value === "string" && value.length === HASH_CHARACTERS;

/** What becomes of failures of the remote. */
export function toRpcError(error: unknown): unknown {
  if (error instanceof StateUnreachableError)
    return new RpcError(RPC_CODE.resourceUnavailable, error.message, { code: error.code });
  if (error instanceof RemoteRefusal) return new RpcError(error.code, error.message, error.data);
  return error;
}

export class RemoteGate implements ForkGate {
  readonly facts: ForkFacts;
  readonly #client: RemoteClient;
  readonly #blocks: OlderBlocks;
  readonly #ranges: ForkedRanges;

  constructor(client: RemoteClient, facts: ForkFacts) {
    this.#client = client;
    this.facts = facts;
    this.#blocks = new OlderBlocks(client, facts);
    this.#ranges = new ForkedRanges(client, facts, this.#blocks);
  }

  async answer(backend: RpcBackend, method: string, params: Values, call: Call): Promise<unknown> {
    try {
      const ours = (values: Values): Promise<unknown> => whenFetched(() => call(values));
      const ranged = this.#ranges.answer(backend, method, params, ours);
      if (ranged !== null) return await ranged;
      const asked = await this.#remoteParams(backend, method, params);
      return asked === null ? await ours(params) : await this.#client.call(method, asked);
    } catch (error) {
      throw toRpcError(error);
    }
  }

  /** What the remote is asked with; `null` where it is not. */
  async #remoteParams(backend: RpcBackend, method: string, params: Values): Promise<Values | null> {
    if (OF_TRANSACTION_HASH.has(method)) return this.#ofTransaction(backend, params);
    const named = params[0];
    if (OF_BLOCK_HASH.has(method) || (OF_NUMBER.has(method) && isHash(named)))
      return (await this.#blocks.isOlderHash(backend, named)) ? params : null;
    if (OF_NUMBER.has(method)) {
      const number = this.#blocks.numberOf(backend, named);
      return number === null || number > this.facts.blockNumber ? null : [toQuantity(number), ...params.slice(1)];
    }
    return this.#ofState(backend, method, params);
  }

  async #ofState(backend: RpcBackend, method: string, params: Values): Promise<Values | null> {
    const place = OF_STATE[method];
    if (place === undefined) return null;
    const tag = params[place];
    const { blockHash } = (tag !== null && typeof tag === "object" ? tag : { blockHash: tag }) as {
      blockHash?: unknown;
    };
    const hash = isHash(blockHash) ? parseHash32(blockHash) : null;
    const number =
      hash?.ok === true ? await this.#numberOfHash(backend, hash.value) : this.#blocks.numberOf(backend, tag);
    // The block itself is ours to begin with: development accounts have here what they do not have there.
    if (number === null || number >= this.facts.blockNumber) {
      if (PROVING.has(method)) throw noProof(method);
      return null;
    }
    return params.with(place, toQuantity(number));
  }

  async #numberOfHash(backend: RpcBackend, hash: Hash32): Promise<number | null> {
    return backend.chain.numberOfHash(hash) ?? (await this.#blocks.olderNumber(hash));
  }

  async #ofTransaction({ chain, pool }: RpcBackend, params: Values): Promise<Values | null> {
    const hash = parseHash32(params[0]);
    if (!hash.ok || chain.transactionLocation(hash.value) !== undefined || pool.byHash(hash.value) !== undefined)
      return null;
    return (await this.#blocks.isOlderTransaction(hash.value)) ? params : null;
  }
}

function noProof(method: string): RpcError {
  const why =
    "a fork has only part of its state, so that its roots prove nothing; ask the forked chain about its own blocks";
  return new RpcError(RPC_CODE.notSupported, `${method}: ${why}`, { code: "FORK_NO_PROOF" });
}
