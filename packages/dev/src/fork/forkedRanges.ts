// Questions about many blocks, of which some may be the other chain's: logs, and what gas cost.
import { LruMap } from "@festina/primitives";
import { type ForkFacts, RPC_CODE, type RpcBackend, RpcError, toQuantity } from "@festina/rpc";
import type { OlderBlocks } from "./olderBlocks.ts";
import type { RemoteClient } from "./remoteClient.ts";

type Values = readonly unknown[];
type Ours = (params: Values) => Promise<unknown>;
type Fields = Readonly<Record<string, unknown>>;

/** As many as there may be. */
const FILTERS_MAX = 1_000;
/** As many as are answered about at once. */
const FEE_BLOCKS_MAX = 1_024;
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

export class ForkedRanges {
  readonly #client: RemoteClient;
  readonly #facts: ForkFacts;
  readonly #blocks: OlderBlocks;
  /** What was wanted by filters of logs, by their ids. */
  readonly #filters = new LruMap<unknown, Fields>(FILTERS_MAX);

  constructor(client: RemoteClient, facts: ForkFacts, blocks: OlderBlocks) {
    this.#client = client;
    this.#facts = facts;
    this.#blocks = blocks;
  }

  /** `null` for methods that are not of this kind. */
  answer(backend: RpcBackend, method: string, params: Values, ours: Ours): Promise<unknown> | null {
    if (method === "eth_getLogs") return this.#logs(backend, params[0], params, ours);
    if (method === "eth_newFilter") return this.#newFilter(backend, params, ours);
    if (method === "eth_uninstallFilter") this.#filters.delete(params[0]);
    if (method === "eth_getFilterLogs") return this.#filterLogs(backend, params, ours);
    if (method === "trace_filter") return this.#traces(backend, params, ours);
    return method === "eth_feeHistory" ? this.#feeHistory(backend, params, ours) : null;
  }

  /** A filter that begins before the border looks at our own blocks; what it is to find before them is remembered here. */
  async #newFilter(backend: RpcBackend, params: Values, ours: Ours): Promise<unknown> {
    const [wanted, ...rest] = params;
    const range = isFields(wanted) ? this.#rangeOf(backend, wanted) : null;
    if (!isFields(wanted) || range === null || range.from > this.#facts.blockNumber) return ours(params);
    const fromBlock = toQuantity(Math.min(this.#facts.blockNumber + 1, range.to));
    const id = await ours([{ ...wanted, fromBlock }, ...rest]);
    this.#filters.set(id, wanted);
    return id;
  }

  async #filterLogs(backend: RpcBackend, params: Values, ours: Ours): Promise<unknown> {
    const own = await ours(params);
    const wanted = this.#filters.get(params[0]);
    if (wanted === undefined || !Array.isArray(own)) return own;
    return [...(await this.#olderLogs(backend, wanted)), ...own];
  }

  /** `null` for what is no range of blocks. */
  #rangeOf(backend: RpcBackend, wanted: Fields): { readonly from: number; readonly to: number } | null {
    if (wanted["blockHash"] != null) return null;
    const [from, to] = [wanted["fromBlock"], wanted["toBlock"]].map((tag) =>
      tag === "pending" ? backend.chain.head() : this.#blocks.numberOf(backend, tag),
    );
    return from == null || to == null || from > to ? null : { from, to };
  }

  /** Pages of traces cannot be joined without all that come before them. */
  async #traces(backend: RpcBackend, params: Values, ours: Ours): Promise<unknown> {
    const [wanted] = params;
    const range = isFields(wanted) ? this.#rangeOf(backend, wanted) : null;
    const { blockNumber } = this.#facts;
    if (range === null || range.from > blockNumber) return ours(params);
    const within = { ...(wanted as Fields), fromBlock: toQuantity(range.from), toBlock: toQuantity(range.to) };
    if (range.to <= blockNumber) return this.#client.call("trace_filter", [within]);
    const border = `block ${blockNumber}, up to which the blocks are another chain's`;
    throw new RpcError(RPC_CODE.invalidParams, `a query does not go across ${border}`, { code: "FORK_BORDER" });
  }

  async #logs(backend: RpcBackend, wanted: unknown, params: Values, ours: Ours): Promise<unknown> {
    if (!isFields(wanted)) return ours(params);
    if (wanted["blockHash"] != null) {
      const isOlder = await this.#blocks.isOlderHash(backend, wanted["blockHash"]);
      return isOlder ? this.#client.call("eth_getLogs", [wanted]) : ours(params);
    }
    const range = this.#rangeOf(backend, wanted);
    // What is no range is for the method to complain about.
    if (range === null || range.from > this.#facts.blockNumber) return ours(params);
    const { to } = range;
    const border = toQuantity(this.#facts.blockNumber + 1);
    // What is wrong with the rest of the filter is told before anybody else is asked.
    const empty = { ...wanted, fromBlock: border, toBlock: "latest" };
    const own = await ours([to > this.#facts.blockNumber ? { ...wanted, fromBlock: border } : empty]);
    const older = await this.#olderLogs(backend, wanted);
    return to > this.#facts.blockNumber && Array.isArray(own) ? [...older, ...own] : older;
  }

  async #olderLogs(backend: RpcBackend, wanted: Fields): Promise<readonly unknown[]> {
    const asked = this.#rangeOf(backend, wanted);
    const { blockNumber } = this.#facts;
    if (asked === null || asked.from > blockNumber) return [];
    const range = { fromBlock: toQuantity(asked.from), toBlock: toQuantity(Math.min(asked.to, blockNumber)) };
    const older = await this.#client.call("eth_getLogs", [{ ...wanted, ...range }]);
    if (!Array.isArray(older)) throw this.#client.invalid("what are no logs");
    return older;
  }

  async #feeHistory(backend: RpcBackend, params: Values, ours: Ours): Promise<unknown> {
    const [asked, tag, ...rest] = params;
    const { blockNumber } = this.#facts;
    const newest = tag === "pending" ? backend.chain.head() : this.#blocks.numberOf(backend, tag);
    const count = Math.min(Number(asked), FEE_BLOCKS_MAX);
    if (newest === null || newest > backend.chain.head() || !(count > 0)) return ours(params);
    const ownCount = Math.min(count, newest - blockNumber);
    if (ownCount >= count) return ours(params);
    const olderNewest = Math.min(newest, blockNumber);
    const olderParams = [
      toQuantity(Math.min(count - Math.max(ownCount, 0), olderNewest + 1)),
      toQuantity(olderNewest),
      ...rest,
    ];
    if (ownCount <= 0) return this.#client.call("eth_feeHistory", olderParams);
    const own = (await ours([toQuantity(ownCount), tag, ...rest])) as Fields;
    const older = await this.#client.call("eth_feeHistory", olderParams);
    if (!isFields(older)) throw this.#client.invalid("what is no history of fees");
    return joinHistories(older, own);
  }
}

/** Lists of what is about blocks follow each other; those of fees have one more at the end, for the block to come. */
function joinHistories(older: Fields, own: Fields): Fields {
  const join = (name: string, extra: number): unknown[] => {
    const [first, second] = [older[name], own[name]];
    const kept = Array.isArray(first) ? first.slice(0, first.length - extra) : [];
    return [...kept, ...(Array.isArray(second) ? second : [])];
  };
  return {
    oldestBlock: older["oldestBlock"],
    baseFeePerGas: join("baseFeePerGas", 1),
    gasUsedRatio: join("gasUsedRatio", 0),
    ...(older["baseFeePerBlobGas"] === undefined ? {} : { baseFeePerBlobGas: join("baseFeePerBlobGas", 1) }),
    ...(older["blobGasUsedRatio"] === undefined ? {} : { blobGasUsedRatio: join("blobGasUsedRatio", 0) }),
    ...(own["reward"] === undefined ? {} : { reward: join("reward", 0) }),
  };
}
