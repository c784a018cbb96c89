// Compact proposals become whole again before consensus hears of them.
import { type Network, type NodeId, TokenBucket } from "@festina/network";
import { assert, type Clock, type Hash32 } from "@festina/primitives";
import {
  type CompactPrePrepare,
  compactPlaces,
  decodeHybridRequests,
  decodeTransaction,
  encodeFastBlock,
  type FastBlock,
  hashFastHeader,
  type PrePrepare,
  type Transaction,
} from "@festina/types";
import type { Log } from "../../log.ts";
import { decodeParts } from "../payloads.ts";
import { encodeTransactionsRequest } from "./blockTransactions.ts";
import { OpenRebuilds, type Rebuild } from "./openRebuilds.ts";

export interface RebuilderOptions {
  readonly network: () => Network;
  /** Blocks that are not final yet. */
  readonly block: (hash: Hash32) => FastBlock | undefined;
  /** What has been verified here. */
  readonly transaction: (hash: Hash32) => Transaction | undefined;
  /** Whether consensus could still do something with a block at this height. */
  readonly isAwaited: (message: PrePrepare, number: number) => boolean;
  /** Whether the peer has proven to be the leader of the message's view. */
  readonly isFromLeader: (message: PrePrepare, peer: string) => boolean;
  /** The whole block, of this peer or of others. */
  readonly fetchBlock: (hash: Hash32, from: string) => Promise<FastBlock | null>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFatal: (error: unknown) => void;
}

/** A view without a proposal lasts about half as long: whoever answers later has cost its view in any case. */
const ANSWER_TIMEOUT_MS = 1_000;
/** Asked after the sender. */
const OTHERS_MAX = 2;
/** Of peers that have not proven to be the leader: all together. */
const UNPROVEN_PER_SECOND = 4;
const UNPROVEN_BURST = 8;

export type RebuildCode =
  /** The header is not that of the named block. */
  | "COMPACT_HEADER"
  /** A transaction is named twice, or does not decode. */
  | "COMPACT_TRANSACTIONS"
  | "COMPACT_REQUESTS"
  /** What the sender gave is not what it had named. */
  | "COMPACT_LIE"
  /** Nobody gave what is missing. */
  | "COMPACT_UNANSWERED";

type Deliver = (message: PrePrepare) => void;

export class ProposalRebuilder {
  readonly #options: RebuilderOptions;
  readonly #open = new OpenRebuilds();
  readonly #unproven: TokenBucket;

  constructor(options: RebuilderOptions) {
    this.#options = options;
    this.#unproven = new TokenBucket(UNPROVEN_PER_SECOND, UNPROVEN_BURST, options.clock.nowMs());
  }

  /** Proposals that wait for transactions. */
  get waiting(): number {
    return this.#open.size;
  }

  onGone(peer: NodeId): void {
    this.#open.endAllOf(peer);
  }

  /** `deliver` is called at once where nothing is missing, later or never where something is. */
  take(compact: CompactPrePrepare, from: NodeId, deliver: Deliver): void {
    const { block: blockOf, isFromLeader, isAwaited, clock, onFatal } = this.#options;
    const { message } = compact;
    const isProven = isFromLeader(message, from);
    if (!isProven && !this.#unproven.take(1, clock.nowMs())) return;
    const held = blockOf(message.blockHash);
    if (held !== undefined) return deliver({ ...message, envelope: encodeFastBlock(held) });
    const begun = this.#begin(compact, from, isProven);
    if (typeof begun === "string") return this.#blame(message, from, begun);
    if (begun.missing.size === 0) return this.#finish(begun, deliver);
    if (!isAwaited(message, begun.header.number) || !this.#open.add(begun)) return;
    this.#fill(begun, deliver)
      .finally(() => this.#open.end(begun))
      .catch(onFatal);
  }

  #begin(compact: CompactPrePrepare, from: NodeId, isProven: boolean): Rebuild | RebuildCode {
    const { message, header } = compact;
    if (hashFastHeader(header) !== message.blockHash) return "COMPACT_HEADER";
    const places = compactPlaces(compact);
    if (places === null) return "COMPACT_TRANSACTIONS";
    const requests = decodeHybridRequests(compact.requests);
    if (!requests.ok) return "COMPACT_REQUESTS";
    const missing = new Map<number, Hash32>();
    const transactions: (Transaction | undefined)[] = [];
    for (const [index, place] of places.entries()) {
      if (typeof place === "string") {
        const known = this.#options.transaction(place);
        if (known === undefined) missing.set(index, place);
        transactions.push(known);
      } else {
        const decoded = decodeTransaction(place);
        if (!decoded.ok) return "COMPACT_TRANSACTIONS";
        transactions.push(this.#options.transaction(decoded.value.hash) ?? decoded.value);
      }
    }
    return { message, header, requests: requests.value, from, isProven, missing, transactions, isEnded: false };
  }

  async #fill(rebuild: Rebuild, deliver: Deliver): Promise<void> {
    const { message, from, isProven } = rebuild;
    for (const peer of [from, ...(isProven ? this.#others(from) : [])]) {
      const isTrue = await this.#ask(peer, rebuild);
      if (!this.#isWanted(rebuild)) return;
      if (!isTrue) return this.#blame(message, from, "COMPACT_LIE");
      this.#lookAgain(rebuild);
      if (rebuild.missing.size === 0) return this.#finish(rebuild, deliver);
    }
    // Nobody proven to be the leader named this block: it is not asked for on a stranger's word.
    const block = isProven ? await this.#options.fetchBlock(message.blockHash, from) : null;
    if (!this.#isWanted(rebuild)) return;
    if (block === null) this.#tell(message, from, "COMPACT_UNANSWERED");
    else deliver({ ...message, envelope: encodeFastBlock(block) });
  }

  #isWanted({ isEnded, message, header }: Rebuild): boolean {
    return !isEnded && this.#options.isAwaited(message, header.number);
  }

  #others(from: NodeId): readonly NodeId[] {
    const members = this.#options.network().peers();
    return members
      .filter(({ nodeId, handshake }) => nodeId !== from && handshake.role === "member")
      .slice(0, OTHERS_MAX)
      .map(({ nodeId }) => nodeId);
  }

  /** False when the sender itself gives other than it has named. Others may have another list: theirs is just no use. */
  async #ask(peer: NodeId, rebuild: Rebuild): Promise<boolean> {
    const places = [...rebuild.missing.keys()];
    const request = encodeTransactionsRequest({ blockHash: rebuild.message.blockHash, places });
    const answer = await this.#options.network().request(peer, "getBlockTransactions", request, ANSWER_TIMEOUT_MS);
    const parts = answer.ok ? decodeParts(answer.value, places.length) : null;
    if (parts === null || rebuild.isEnded) return true;
    let isTrue = parts.ok;
    for (const [at, part] of (parts.ok ? parts.value : []).entries()) {
      const place = places[at] as number;
      const decoded = decodeTransaction(part);
      if (decoded.ok && decoded.value.hash === rebuild.missing.get(place)) {
        rebuild.transactions[place] = decoded.value;
        rebuild.missing.delete(place);
      } else isTrue = false;
    }
    return isTrue || peer !== rebuild.from;
  }

  /** Some may have come by themselves meanwhile. */
  #lookAgain({ missing, transactions }: Rebuild): void {
    for (const [index, hash] of missing) {
      const known = this.#options.transaction(hash);
      if (known === undefined) continue;
      transactions[index] = known;
      missing.delete(index);
    }
  }

  #finish({ message, header, requests, transactions }: Rebuild, deliver: Deliver): void {
    const whole = transactions.filter((transaction) => transaction !== undefined);
    assert(whole.length === transactions.length, "nothing is missing");
    const block: FastBlock = { header, hash: message.blockHash, transactions: whole, requests };
    deliver({ ...message, envelope: encodeFastBlock(block) });
  }

  #blame(message: PrePrepare, from: NodeId, code: RebuildCode): void {
    this.#tell(message, from, code);
    this.#options.network().penalise(from, code === "COMPACT_LIE" ? "PROOF_INVALID" : "CONTENT_INVALID");
  }

  #tell({ epoch, view, height, blockHash }: PrePrepare, from: NodeId, code: RebuildCode): void {
    this.#options.log.debug("proposalIncomplete", { epoch, view, height, blockHash, from, code });
  }
}
