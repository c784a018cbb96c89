import { formatHeader } from "../format/formatBlock.ts";
import { formatSnailBlock } from "../format/formatSnail.ts";
import { formatPendingTransaction } from "../format/formatTransaction.ts";
import type { Caller, Method } from "../jsonRpc/dispatch.ts";
import { Params, toQuantity } from "../jsonRpc/params.ts";
import { invalidParams, RPC_CODE, RpcError, refusal } from "../jsonRpc/rpcError.ts";
import type { NodeEvent, RpcBackend } from "../ports.ts";
import { logsOfBlock, parseLogFilter, removedLogsOfBlock } from "./logQuery.ts";
import { formatWork, readMiner } from "./miningMethods.ts";

/** A page may listen to each event of each contract that it shows. */
const PER_CONNECTION_MAX = 256;
/** Events kept for a subscription whose id its owner has not been told yet; older ones go first. */
const HELD_MAX = 1_000;

type Translate = (event: NodeEvent) => readonly unknown[];

function translator(backend: RpcBackend, topic: string, options: unknown): Translate {
  switch (topic) {
    case "newHeads":
      return (event) =>
        event.kind === "block" ? [formatHeader(event.record.block.header, event.record.block.hash)] : [];
    case "logs": {
      const filter = parseLogFilter(new Params([options ?? {}]).object(0, "filter"));
      return (event) => {
        if (event.kind === "removed") return event.records.flatMap((record) => removedLogsOfBlock(record, filter));
        return event.kind === "block" ? logsOfBlock(event.record, filter) : [];
      };
    }
    case "newPendingTransactions":
      return (event) => {
        if (event.kind !== "pendingTransaction") return [];
        if (options !== true) return [event.hash];
        const pooled = backend.pool.byHash(event.hash);
        return pooled === undefined ? [] : [formatPendingTransaction(pooled)];
      };
    case "snailBlocks":
      return (event) => {
        if (event.kind !== "snailBlock") return [];
        const found = backend.snail.byHash(event.hash);
        return found === undefined ? [] : [formatSnailBlock(found, false)];
      };
    case "syncing":
      return () => [];
  }
  throw invalidParams(`no subscription named ${topic.slice(0, 64)}`);
}

/** Hands results on, but keeps what happens before the answer with the subscription's id has gone out. */
function afterAnnouncement(caller: Caller, deliver: (result: unknown) => void): (result: unknown) => void {
  let held: unknown[] | null = [];
  caller.afterAnswer?.(() => {
    for (const result of held ?? []) deliver(result);
    held = null;
  });
  return (result) => {
    if (held === null) return deliver(result);
    held.push(result);
    if (held.length > HELD_MAX) held.shift();
  };
}

/** What runs behind a subscription: gets where results go, answers with the function that ends it. */
type Open = (deliver: (result: unknown) => void) => () => void;

class Subscriptions {
  readonly #byConnection = new WeakMap<Caller, Map<string, () => void>>();
  #serial = 0;

  /** @throws RpcError without a connection that can be pushed to, or with too many subscriptions on it */
  add(caller: Caller, namespace: string, open: Open): string {
    const { notify } = caller;
    if (notify === undefined) throw new RpcError(RPC_CODE.methodNotFound, "notifications not supported: use WebSocket");
    const subscriptions = this.#of(caller);
    if (subscriptions.size >= PER_CONNECTION_MAX) {
      throw new RpcError(RPC_CODE.limitExceeded, `more than ${PER_CONNECTION_MAX} subscriptions on one connection`);
    }
    const id = toQuantity(++this.#serial);
    const end = open(afterAnnouncement(caller, (result) => notify(id, result, namespace)));
    subscriptions.set(id, end);
    return id;
  }

  remove(caller: Caller, id: string): boolean {
    const subscriptions = this.#of(caller);
    subscriptions.get(id)?.();
    return subscriptions.delete(id);
  }

  #of(caller: Caller): Map<string, () => void> {
    const known = this.#byConnection.get(caller);
    if (known !== undefined) return known;
    const subscriptions = new Map<string, () => void>();
    this.#byConnection.set(caller, subscriptions);
    caller.onClose?.(() => {
      for (const end of subscriptions.values()) end();
    });
    return subscriptions;
  }
}

/**
 * `eth_subscribe`: heads, logs, pending transactions, and ours, snail blocks. `snail_subscribe`: `work`, (payout,
 * supports?), told at once and whenever it is replaced, `null` while nothing can be mined. Only over WebSocket.
 */
export function subscriptionMethods(backend: RpcBackend): Record<string, Method> {
  const subscriptions = new Subscriptions();
  const end: Method = (values, caller) =>
    subscriptions.remove(caller, toQuantity(new Params(values).quantity(0, "subscription")));

  return {
    eth_subscribe: (values, caller) => {
      const params = new Params(values);
      return subscriptions.add(caller, "eth", (deliver) => {
        const translate = translator(backend, params.string(0, "subscription"), params.raw(1));
        return backend.events.subscribe((event) => {
          for (const result of translate(event)) deliver(result);
        });
      });
    },
    eth_unsubscribe: end,
    snail_subscribe: (values, caller) => {
      const params = new Params(values);
      return subscriptions.add(caller, "snail", (deliver) => {
        const topic = params.string(0, "subscription");
        if (topic !== "work") throw invalidParams(`no subscription named ${topic.slice(0, 64)}`);
        const { payout, supports } = readMiner(params, 1);
        const opened = backend.miner.subscribe(payout, supports, (work) =>
          deliver(work === null ? null : formatWork(work)),
        );
        if (!opened.ok) throw refusal(opened.error);
        return opened.value;
      });
    },
    snail_unsubscribe: end,
  };
}
