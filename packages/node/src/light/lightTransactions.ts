// Transactions that are sent through a light node: checked by what peers prove, passed on until they are in a block, and
// found again there.
import type { ChainSpec } from "@festina/chainspec";
import type { HybridState } from "@festina/fastchain";
import type { Network, NodeId } from "@festina/network";
import { assert, fail, type Hash32, LruMap, ok, type Result } from "@festina/primitives";
import type { SentReport } from "@festina/rpc";
import type { KeyValueStore } from "@festina/storage";
import { TransactionPool } from "@festina/txpool";
import { decodeTransaction, type RecoveredTransaction } from "@festina/types";
import { poolRules } from "../pool/poolRules.ts";
import type { senderRecovery } from "../pool/senderRecovery.ts";
import { encodeParts } from "../sync/payloads.ts";
import type { LightProofs } from "./lightProofs.ts";
import { dueAfterMs, hasGivenUp, isForgotten, receiversOf } from "./resending.ts";
import { decodeSentRecord, type SentRecord, SentStore } from "./sentStore.ts";

export interface LightTransactionsOptions {
  readonly spec: ChainSpec;
  readonly network: () => Network;
  readonly proofs: Pick<LightProofs, "account" | "body" | "blockByNumber" | "state">;
  readonly head: () => HybridState;
  readonly recover: ReturnType<typeof senderRecovery>;
  readonly store: KeyValueStore;
  readonly isStopped: () => boolean;
  readonly nowMs: () => number;
}

/** One whose block is not known. */
interface Waiting {
  readonly transaction: RecoveredTransaction;
  /** Blocks above this may have it. */
  readonly above: number;
  readonly sentAtMs: number;
  sentAgain: number;
  /** How often it was looked for since it, or the node, began to wait. */
  looks: number;
  dueAtMs: number;
  /** Why it was not sent when it was due last: a code of the pool, or LIGHT_UNANSWERED. */
  problem: string | null;
  /** In the order of telling. */
  readonly toldTo: Set<NodeId>;
}

type Place = { readonly number: number; readonly index: number };

/** `here`: its place and block can be read now. `waiting`: in no block yet. `replaced`: another of its sender took its nonce. */
export type Whereabouts = "here" | "waiting" | "replaced" | "unknown" | "unproved";

/** Beyond these no more are taken. */
const WAITING_MAX = 256;
/** Beyond these the oldest are forgotten. */
const ENDED_MAX = 1_024;
/** Each may cost proofs of some accounts and a block. */
const DUE_PER_TURN_MAX = 16;
const REPORTED_MAX = 32;

export class LightTransactions {
  readonly #options: LightTransactionsOptions;
  readonly #store: SentStore;
  readonly #waiting = new Map<Hash32, Waiting>();
  readonly #ended = new LruMap<Hash32, Place | "replaced">(ENDED_MAX);
  #work: Promise<void> | null = null;

  constructor(options: LightTransactionsOptions) {
    this.#options = options;
    this.#store = new SentStore(options.store);
  }

  /** What waited when the node was stopped waits again, and is due at once. Answers with how many could not be read, and go. */
  async load(): Promise<number> {
    const { recover, nowMs } = this.#options;
    const readable: { readonly record: SentRecord; readonly transaction: RecoveredTransaction }[] = [];
    const unreadable: Uint8Array[] = [];
    for (const [key, bytes] of await this.#store.all(WAITING_MAX)) {
      const record = decodeSentRecord(bytes);
      const decoded = record.ok ? decodeTransaction(record.value.encoded) : record;
      const recovered = decoded.ok ? recover(decoded.value) : decoded;
      if (record.ok && recovered.ok) readable.push({ record: record.value, transaction: recovered.value });
      else unreadable.push(key);
    }
    // They lie there by their hashes.
    readable.sort((one, other) => one.record.sentAtMs - other.record.sentAtMs);
    for (const { record, transaction } of readable) this.#await(transaction, { ...record, dueAtMs: nowMs() });
    await this.#store.remove(unreadable);
    return unreadable.length;
  }

  #await(
    transaction: RecoveredTransaction,
    { above, sentAtMs, sentAgain, dueAtMs }: Pick<Waiting, "above" | "sentAtMs" | "sentAgain" | "dueAtMs">,
  ): void {
    const times = { above, sentAtMs, sentAgain, dueAtMs };
    // What is sent anew after it was given up is the youngest again.
    this.#waiting.delete(transaction.hash);
    this.#waiting.set(transaction.hash, { transaction, ...times, looks: 0, problem: null, toldTo: new Set() });
  }

  /**
   * Checks as a full node's pool does, on the proved accounts of the newest block. Codes as there, POOL_FULL, and
   * LIGHT_UNANSWERED.
   */
  async submit(encoded: Uint8Array): Promise<Result<Hash32>> {
    const { network, head, recover, nowMs } = this.#options;
    const decoded = decodeTransaction(encoded);
    if (!decoded.ok) return decoded;
    const { hash } = decoded.value;
    const acceptable = this.#checkPlace(hash);
    if (!acceptable.ok) return acceptable;
    const recovered = recover(decoded.value);
    if (!recovered.ok) return recovered;
    const { number: above } = head().header;
    const judged = await this.#judge(recovered.value);
    if (!judged.ok) return judged;
    // Others may have come while peers were asked.
    const stillAcceptable = this.#checkPlace(hash);
    if (!stillAcceptable.ok) return stillAcceptable;
    if (network().broadcast("transactions", encodeParts([recovered.value.encoded])) === 0)
      return fail("LIGHT_UNANSWERED", "no peer is there to pass the transaction to");
    const sentAtMs = nowMs();
    this.#await(recovered.value, { above, sentAtMs, sentAgain: 0, dueAtMs: sentAtMs + dueAfterMs(0) });
    for (const { nodeId } of network().peers()) this.#waiting.get(hash)?.toldTo.add(nodeId);
    await this.#store.save(hash, { above, sentAtMs, sentAgain: 0, encoded: recovered.value.encoded });
    return ok(hash);
  }

  /** Whether there is room for it, and it is not here already. */
  #checkPlace(hash: Hash32): Result<void> {
    const waiting = this.#waiting.get(hash);
    const isUnderWay = waiting !== undefined && !hasGivenUp(waiting.sentAgain);
    if (isUnderWay || typeof this.#ended.get(hash) === "object")
      return fail("POOL_KNOWN", "the transaction was passed on already");
    if (waiting === undefined && this.#waiting.size >= WAITING_MAX)
      return fail("POOL_FULL", `${WAITING_MAX} transactions that were sent through this node wait already`);
    return ok(undefined);
  }

  /** As those judge it who get it. */
  async #judge(transaction: RecoveredTransaction): Promise<Result<void>> {
    const { spec, proofs, head, nowMs } = this.#options;
    const { sender, sponsorship } = transaction;
    const { header } = head();
    for (const address of sponsorship === null ? [sender] : [sender, sponsorship.payer])
      if (!(await proofs.account(header.number, address)))
        return fail("LIGHT_UNANSWERED", `no peer proves what ${address} has`);
    const pool = new TransactionPool({
      ...poolRules(spec),
      blockGasLimit: header.gasLimit,
      reader: {
        nonce: (address) => proofs.state.nonce(address, header.number) ?? 0n,
        balanceWei: (address) => proofs.state.balance(address, header.number) ?? 0n,
        // Asked of senders that have something waiting here; here nothing waits.
        hasCode: () => false,
      },
      timestampSeconds: header.timestamp,
      limits: {},
    });
    const admitted = pool.add(transaction, "peer", nowMs());
    return admitted.ok ? ok(undefined) : admitted;
  }

  /** One that is in no block, as far as is known. */
  waiting(hash: Hash32): RecoveredTransaction | undefined {
    return this.#waiting.get(hash)?.transaction;
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Those that wait, the oldest first. */
  report(): readonly SentReport[] {
    return [...this.#waiting].slice(0, REPORTED_MAX).map(([hash, { transaction, sentAtMs, sentAgain, problem }]) => ({
      ...{ hash, from: transaction.sender, nonce: Number(transaction.nonce) },
      ...{ waitingMs: Math.max(0, this.#options.nowMs() - sentAtMs), sentAgain, problem },
      isGivenUp: hasGivenUp(sentAgain),
    }));
  }

  locationOf(hash: Hash32): Place | undefined {
    const ended = this.#ended.get(hash);
    return typeof ended === "object" ? ended : undefined;
  }

  /** Finds the block of a transaction that was sent through this node: the first in which its nonce is used, by proofs. */
  async find(hash: Hash32): Promise<Whereabouts> {
    const ended = this.#ended.get(hash);
    if (typeof ended === "object") return (await this.#options.proofs.body(ended.number)) ? "here" : "unproved";
    const waiting = this.#waiting.get(hash);
    if (waiting === undefined) return ended ?? "unknown";
    const found = await this.#findPlace(waiting);
    if (found === "waiting" || found === "unproved") return found;
    this.#ended.set(hash, found);
    await this.#forget(hash);
    return typeof found === "object" ? "here" : "replaced";
  }

  async #forget(hash: Hash32): Promise<void> {
    this.#waiting.delete(hash);
    await this.#store.forget(hash);
  }

  async #findPlace(waiting: Waiting): Promise<Place | "waiting" | "replaced" | "unproved"> {
    const { proofs, head } = this.#options;
    let [below, used] = [waiting.above, head().header.number];
    // After a start the chain may not have been followed as far again.
    if (used <= below) return "waiting";
    const isUsed = await this.#isUsed(waiting, used);
    if (isUsed === null) return "unproved";
    if (!isUsed) return "waiting";
    while (used - below > 1) {
      const middle = Math.floor((below + used) / 2);
      const isUsedThere = await this.#isUsed(waiting, middle);
      if (isUsedThere === null) return "unproved";
      if (isUsedThere) used = middle;
      else below = middle;
    }
    if (!(await proofs.body(used))) return "unproved";
    const { hash } = waiting.transaction;
    const index = proofs.blockByNumber(used)?.block.transactions.findIndex((other) => other.hash === hash);
    return index === undefined || index < 0 ? "replaced" : { number: used, index };
  }

  /** `null`: no peer proves it. */
  async #isUsed({ transaction }: Waiting, number: number): Promise<boolean | null> {
    const { proofs } = this.#options;
    if (!(await proofs.account(number, transaction.sender))) return null;
    const nonce = proofs.state.nonce(transaction.sender, number);
    assert(nonce !== undefined, "a proved account can be read");
    return nonce > transaction.nonce;
  }

  /** To be called now and then: looks for what is due, and sends it again where that may help. */
  onBeat(): Promise<void> {
    this.#work ??= this.#sendDue().finally(() => {
      this.#work = null;
    });
    return this.#work;
  }

  /** Resolves when nothing more is written. */
  async settle(): Promise<void> {
    await this.#work?.catch(() => undefined);
  }

  async #sendDue(): Promise<void> {
    const nowMs = this.#options.nowMs();
    const due = [...this.#waiting.values()].filter(({ dueAtMs }) => dueAtMs <= nowMs).slice(0, DUE_PER_TURN_MAX);
    for (const waiting of due) if (!this.#options.isStopped()) await this.#sendAgain(waiting);
  }

  async #sendAgain(waiting: Waiting): Promise<void> {
    const { network, nowMs } = this.#options;
    const { transaction, toldTo } = waiting;
    const whereabouts = await this.find(transaction.hash);
    if (whereabouts !== "waiting" && whereabouts !== "unproved") return;
    if (isForgotten(waiting.sentAtMs, nowMs())) return this.#forget(transaction.hash);
    waiting.looks += 1;
    waiting.dueAtMs = nowMs() + dueAfterMs(waiting.looks);
    const judged = await this.#judge(transaction);
    // Somebody may have asked for it meanwhile, and it was found.
    if (this.#waiting.get(transaction.hash) !== waiting) return;
    waiting.problem = judged.ok ? null : judged.error.code;
    if (!judged.ok || hasGivenUp(waiting.sentAgain)) return;
    const payload = encodeParts([transaction.encoded]);
    const taken = receiversOf(network().peers(), toldTo).filter((peer) =>
      network().send(peer, "transactions", payload),
    );
    for (const peer of taken) {
      toldTo.delete(peer);
      toldTo.add(peer);
    }
    if (taken.length === 0) waiting.problem = "LIGHT_UNANSWERED";
    else waiting.sentAgain += 1;
    const { above, sentAtMs, sentAgain } = waiting;
    await this.#store.save(transaction.hash, { above, sentAtMs, sentAgain, encoded: transaction.encoded });
  }
}
