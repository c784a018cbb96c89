import { setImmediate as nextTurn } from "node:timers/promises";
import type { Hash32 } from "@festina/primitives";
import type { Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { RPC_CODE, RpcError } from "../jsonRpc/rpcError.ts";
import type { NodeEvent, RpcBackend } from "../ports.ts";
import {
  LOGS_MAX,
  type LogQuery,
  logsOfBlock,
  parseLogQuery,
  parseOpenLogQuery,
  queryLogs,
  removedLogsOfBlock,
  SLICE_BLOCKS,
} from "./logQuery.ts";

const FILTERS_MAX = 1_000;
const PENDING_MAX = 10_000;
const IDLE_MS_MAX = 5 * 60_000;

type Filter =
  /** `removed`: logs that were told of and are no more. */
  | { readonly kind: "logs"; readonly query: LogQuery; next: number; usedMs: number; removed: unknown[] }
  | { readonly kind: "blocks"; next: number; usedMs: number }
  | { readonly kind: "pending"; hashes: Hash32[]; usedMs: number };

/** Blocks are told of again where others took their place; logs of those that are no more are told of as removed. */
function takeBack(filter: Filter, { above, records, isAnew }: Extract<NodeEvent, { kind: "removed" }>): void {
  if (filter.kind === "pending") return;
  if (filter.kind === "logs") {
    const { fromBlock, toBlock } = filter.query;
    const lastTold = Math.min(filter.next - 1, toBlock);
    for (const record of records) {
      const { number } = record.block.header;
      if (number < fromBlock || number > lastTold || filter.removed.length >= LOGS_MAX) continue;
      for (const log of removedLogsOfBlock(record, filter.query)) filter.removed.push(log);
    }
  }
  filter.next = isAnew === true ? above + 1 : Math.min(filter.next, above + 1);
}

/** Polled filters: each remembers how far its owner has read; unused ones expire after five minutes. */
export class FilterRegistry {
  readonly #backend: RpcBackend;
  readonly #now: () => number;
  readonly #filters = new Map<string, Filter>();
  readonly #unsubscribe: () => void;
  #serial = 0;

  constructor(backend: RpcBackend, now: () => number) {
    this.#backend = backend;
    this.#now = now;
    this.#unsubscribe = backend.events.subscribe((event) => {
      if (event.kind === "removed") for (const filter of this.#filters.values()) takeBack(filter, event);
      if (event.kind !== "pendingTransaction") return;
      for (const filter of this.#filters.values()) {
        if (filter.kind === "pending" && filter.hashes.length < PENDING_MAX) filter.hashes.push(event.hash);
      }
    });
  }

  close(): void {
    this.#unsubscribe();
    this.#filters.clear();
  }

  #add(filter: Filter): string {
    this.#dropIdle();
    if (this.#filters.size >= FILTERS_MAX)
      throw new RpcError(RPC_CODE.limitExceeded, `more than ${FILTERS_MAX} filters`);
    const id = toQuantity(++this.#serial);
    this.#filters.set(id, filter);
    return id;
  }

  #dropIdle(): void {
    const now = this.#now();
    for (const [id, { usedMs }] of this.#filters) if (now - usedMs > IDLE_MS_MAX) this.#filters.delete(id);
  }

  #find(values: readonly unknown[]): Filter {
    this.#dropIdle();
    const filter = this.#filters.get(toQuantity(new Params(values).quantity(0, "filterId")));
    if (filter === undefined) throw new RpcError(RPC_CODE.server, "filter not found");
    filter.usedMs = this.#now();
    return filter;
  }

  async #changes(filter: Filter): Promise<readonly unknown[]> {
    if (filter.kind === "pending") return filter.hashes.splice(0);
    const { chain } = this.#backend;
    const last = filter.kind === "logs" ? Math.min(chain.head(), filter.query.toBlock) : chain.head();
    const found: unknown[] = filter.kind === "logs" ? filter.removed.splice(0, LOGS_MAX) : [];
    // What exceeds one answer comes with the next.
    while (filter.next <= last && found.length < LOGS_MAX) {
      const number = filter.next++;
      if (filter.kind === "logs" && number < filter.query.fromBlock) continue;
      if (number % SLICE_BLOCKS === 0) await nextTurn();
      const record = chain.blockByNumber(number);
      if (record === undefined) continue;
      if (filter.kind === "blocks") found.push(record.block.hash);
      else for (const log of logsOfBlock(record, filter.query)) found.push(log);
    }
    return found;
  }

  methods(): Record<string, Method> {
    const backend = this.#backend;
    return {
      eth_getLogs: (values) => queryLogs(backend, parseLogQuery(backend, new Params(values).object(0, "filter"))),
      eth_newFilter: (values) => {
        const query = parseOpenLogQuery(backend, new Params(values).object(0, "filter"));
        return this.#add({ kind: "logs", query, next: backend.chain.head() + 1, usedMs: this.#now(), removed: [] });
      },
      eth_newBlockFilter: () => this.#add({ kind: "blocks", next: backend.chain.head() + 1, usedMs: this.#now() }),
      eth_newPendingTransactionFilter: () => this.#add({ kind: "pending", hashes: [], usedMs: this.#now() }),
      eth_getFilterChanges: (values) => this.#changes(this.#find(values)),
      eth_getFilterLogs: (values) => {
        const filter = this.#find(values);
        if (filter.kind !== "logs") throw new RpcError(RPC_CODE.server, "filter is not a log filter");
        return queryLogs(backend, filter.query);
      },
      eth_uninstallFilter: (values) => this.#filters.delete(toQuantity(new Params(values).quantity(0, "filterId"))),
    };
  }
}
