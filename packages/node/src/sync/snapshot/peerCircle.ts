// Peers of a node that begins: how far they say they are, who is asked next, and who is asked no more.
import type { Network, NodeId, PeerInfo, RequestType } from "@festina/network";
import { type Clock, pause } from "@festina/primitives";
import type { Log } from "../../log.ts";

/** What one answer was worth: something, nothing (ask another), or a lie. */
export type Judged<T> =
  | { readonly kind: "taken"; readonly value: T }
  | { readonly kind: "nothing" }
  | { readonly kind: "forged"; readonly message: string };

export interface PeerCircleOptions {
  readonly network: () => Network;
  readonly clock: Clock;
  readonly log: Log;
}

interface Member {
  fastNumber: number;
  silences: number;
}

const REQUEST_TIMEOUT_MS = 8_000;
const SILENCES_MAX = 2;
const PAUSE_MS = 200;

export class PeerCircle {
  readonly #options: PeerCircleOptions;
  readonly #members = new Map<NodeId, Member>();
  readonly #liars = new Set<NodeId>();
  #listener: ((peer: NodeId, isHere: boolean) => void) | null = null;

  constructor(options: PeerCircleOptions) {
    this.#options = options;
  }

  onUp({ nodeId, handshake }: Pick<PeerInfo, "nodeId" | "handshake">): void {
    if (this.#liars.has(nodeId)) return;
    this.#members.set(nodeId, { fastNumber: handshake.headNumber, silences: 0 });
    this.#listener?.(nodeId, true);
  }

  onDown(peer: NodeId): void {
    if (this.#members.delete(peer)) this.#listener?.(peer, false);
  }

  onHead(peer: NodeId, fastNumber: number): void {
    const member = this.#members.get(peer);
    if (member !== undefined) member.fastNumber = fastNumber;
  }

  /** Told of who comes and goes, until the next call. */
  listen(listener: ((peer: NodeId, isHere: boolean) => void) | null): void {
    this.#listener = listener;
  }

  get peers(): readonly NodeId[] {
    return [...this.#members.keys()];
  }

  /** The highest block that anybody claims to have. */
  get highest(): number {
    return Math.max(0, ...[...this.#members.values()].map(({ fastNumber }) => fastNumber));
  }

  /** It is asked no more, and disconnected. */
  blame(peer: NodeId, why: "forged" | "silent", message = ""): void {
    this.#options.log.warn("syncPeerDropped", { peer, why, message });
    if (why === "forged") this.#liars.add(peer);
    this.onDown(peer);
    this.#options.network().penalise(peer, why === "forged" ? "PROOF_INVALID" : "ANSWER_MISSING");
  }

  async awaitPeers(isStopped: () => boolean): Promise<void> {
    while (this.#members.size === 0 && !isStopped()) await pause(this.#options.clock, PAUSE_MS);
  }

  /**
   * Asks one peer after the other until an answer is worth something; `null` when all who answer have nothing. Liars are
   * dropped, and so is who stays silent while others answer.
   */
  async ask<T>(
    type: RequestType,
    payload: Uint8Array,
    judge: (payload: Uint8Array, peer: NodeId) => Promise<Judged<T>>,
    isStopped: () => boolean,
  ): Promise<T | null> {
    while (!isStopped()) {
      await this.awaitPeers(isStopped);
      let answers = 0;
      // The least silent first; in turns, as an answer moves its sender to the end.
      const order = [...this.#members].sort(([, a], [, b]) => a.silences - b.silences).map(([peer]) => peer);
      for (const peer of order) {
        const member = this.#members.get(peer);
        if (member === undefined) continue;
        const answer = await this.#options.network().request(peer, type, payload, REQUEST_TIMEOUT_MS);
        if (!answer.ok) {
          if (answer.error.code === "REFUSED") answers += 1;
          else if (answer.error.code === "TIMEOUT") this.missed(peer);
          continue;
        }
        this.answered(peer);
        const judged = await judge(answer.value, peer);
        if (judged.kind === "forged") {
          this.blame(peer, "forged", judged.message);
          continue;
        }
        answers += 1;
        this.#moveBack(peer, member);
        if (judged.kind === "taken") return judged.value;
      }
      if (answers > 0) return null;
      await pause(this.#options.clock, PAUSE_MS);
    }
    return null;
  }

  #moveBack(peer: NodeId, member: Member): void {
    if (this.#members.delete(peer)) this.#members.set(peer, member);
  }

  answered(peer: NodeId): void {
    const member = this.#members.get(peer);
    if (member !== undefined) member.silences = 0;
  }

  /**
   * It did not answer in time. An honest peer under load may miss one answer; who misses two in a row, while others
   * answer, is asked no more.
   */
  missed(peer: NodeId): "kept" | "dropped" {
    const member = this.#members.get(peer);
    if (member === undefined) return "dropped";
    member.silences += 1;
    const hasOthers = [...this.#members].some(([other, { silences }]) => other !== peer && silences === 0);
    if (member.silences < SILENCES_MAX || !hasOthers) return "kept";
    this.blame(peer, "silent");
    return "dropped";
  }
}
