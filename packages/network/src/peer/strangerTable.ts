import type { NodeId } from "../nodeId.ts";
import { comparedValue, type Handshake, type HandshakeMismatch } from "../wire/handshake.ts";
import type { Direction, PeerSession } from "./peerSession.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** A node that was reached, or called, and turned out to belong to another network or to speak another version. */
export interface Stranger {
  readonly nodeId: NodeId;
  readonly host: string;
  readonly direction: Direction;
  /** Given by the operator. */
  readonly isConfigured: boolean;
  readonly code: HandshakeMismatch;
  /** What was compared: a protocol version in decimals, or a hash. `null` where the other side ended it first. */
  readonly theirs: string | null;
  readonly ours: string;
  readonly agent: string | null;
  /** When it was last seen, by the network's clock. */
  readonly seenMs: number;
}

const STRANGERS_MAX = 64;
/** Configured peers are dialled again within seconds; of others this much is remembered. */
const REMEMBERED_MS = 600_000;
/** Whoever has many node ids must not fill the log with them. */
const TOLD_PER_SECOND = 1 / 60;
const TOLD_BURST = 8;

/** Who was turned away, so that an operator who waits for peers learns why there are none. */
export class StrangerTable {
  readonly #strangers = new Map<NodeId, Stranger>();
  readonly #told: TokenBucket;

  constructor(nowMs: number) {
    this.#told = new TokenBucket(TOLD_PER_SECOND, TOLD_BURST, nowMs);
  }

  /**
   * Keeps it in mind, and answers with it if people should be told: once for a peer and a reason.
   *
   * @param theirs `null` where the other side ended it before it had said anything
   */
  note(
    session: Pick<PeerSession, "nodeId" | "remoteHost" | "direction">,
    code: HandshakeMismatch,
    { own, theirs }: { readonly own: Handshake; readonly theirs: Handshake | null },
    isConfigured: boolean,
    nowMs: number,
  ): Stranger | null {
    const { nodeId, direction, remoteHost: host } = session;
    const before = this.#strangers.get(nodeId);
    const stranger: Stranger = {
      ...{ nodeId, host, direction, isConfigured, code, seenMs: nowMs, ours: comparedValue(own, code) },
      theirs: theirs === null ? null : comparedValue(theirs, code),
      agent: theirs?.agent ?? null,
    };
    this.#strangers.delete(nodeId);
    if (this.#strangers.size >= STRANGERS_MAX) this.#makeRoom();
    this.#strangers.set(nodeId, stranger);
    const isKnown = before?.code === code && before.theirs === stranger.theirs;
    return !isKnown && (isConfigured || this.#told.take(1, nowMs)) ? stranger : null;
  }

  /** It belongs here after all. */
  forget(nodeId: NodeId): void {
    this.#strangers.delete(nodeId);
  }

  /** Those seen lately, the newest last. */
  list(nowMs: number): readonly Stranger[] {
    return [...this.#strangers.values()].filter(({ seenMs }) => nowMs - seenMs < REMEMBERED_MS);
  }

  /** The one unseen for longest gives way, those that the operator named last of all. */
  #makeRoom(): void {
    const ids = [...this.#strangers];
    const [nodeId] = ids.find(([, { isConfigured }]) => !isConfigured) ?? ids[0] ?? [];
    if (nodeId !== undefined) this.#strangers.delete(nodeId);
  }
}
