// One connection between two processes: two streams of frames over a network that loses, doubles and reorders. What is
// lost is sent again; what is hurt breaks the connection, as a broken TLS record does.
import type { CloseCode, CloseReason, Connection, NodeId } from "@festina/network";
import { assert } from "@festina/primitives";
import type { ScheduledEvent, Scheduler } from "../world/scheduler.ts";
import type { ProcessClock } from "./processClock.ts";
import type { Side, WireItem, WireMessage } from "./wireMessage.ts";

const RETRANSMIT_MS = 250;
const RETRANSMIT_MS_MAX = 4_000;
const WRITABLE_BYTES_MAX = 1024 * 1024;
const BUFFER_BYTES_MAX = 64 * 1024 * 1024;
const HELD_FRAMES_MAX = 4_096;

export interface WireLinkOptions {
  readonly scheduler: Scheduler;
  /** Puts a message of one side on the line. */
  readonly transmit: (side: Side, message: WireMessage) => void;
  /** What a side sends when its node sends this frame. */
  readonly outbound: (side: Side, frame: Uint8Array) => readonly Uint8Array[];
}

/** Who holds an end: its process number, its name, and its life. */
export interface WireParty {
  readonly process: number;
  readonly nodeId: NodeId;
  readonly life: ProcessClock;
}

export class WireLink {
  readonly ends: readonly [WireEnd, WireEnd];

  constructor(options: WireLinkOptions, dialler: WireParty, listener: WireParty) {
    this.ends = [new WireEnd(this, 0, dialler, listener, options), new WireEnd(this, 1, listener, dialler, options)];
  }

  end(side: Side): WireEnd {
    return this.ends[side];
  }
}

interface Unacknowledged {
  readonly order: number;
  readonly item: WireItem;
}

export class WireEnd implements Connection {
  readonly remoteNodeId: NodeId;
  readonly remoteHost = "simulated";
  readonly party: WireParty;
  readonly remoteProcess: number;
  readonly #link: WireLink;
  readonly #side: Side;
  readonly #options: WireLinkOptions;
  #isClosed = false;
  #nextOrder = 0;
  #unacknowledged: Unacknowledged[] = [];
  #unacknowledgedBytes = 0;
  #retransmitMs = RETRANSMIT_MS;
  #retransmission: ScheduledEvent | null = null;
  #expected = 0;
  readonly #early = new Map<number, WireItem>();
  #held: Uint8Array[] | null = [];
  #onFrame: (frame: Uint8Array) => void = () => undefined;
  #onDrain: () => void = () => undefined;
  #onClose: (reason: CloseReason) => void = () => undefined;

  constructor(link: WireLink, side: Side, party: WireParty, other: WireParty, options: WireLinkOptions) {
    this.#link = link;
    this.#side = side;
    this.party = party;
    this.remoteNodeId = other.nodeId;
    this.remoteProcess = other.process;
    this.#options = options;
  }

  get #peer(): WireEnd {
    return this.#link.end(this.#side === 0 ? 1 : 0);
  }

  get isWritable(): boolean {
    return !this.#isClosed && this.#unacknowledgedBytes < WRITABLE_BYTES_MAX;
  }

  send(frame: Uint8Array): boolean {
    if (this.#isClosed || this.party.life.isDead || this.#unacknowledgedBytes > BUFFER_BYTES_MAX) return false;
    for (const bytes of this.#options.outbound(this.#side, frame)) this.#put({ kind: "frame", bytes });
    return true;
  }

  /** A frame that the node knows nothing of. */
  inject(frame: Uint8Array): boolean {
    if (this.#isClosed || this.party.life.isDead) return false;
    this.#put({ kind: "frame", bytes: frame.slice() });
    return true;
  }

  #put(item: WireItem): void {
    const order = this.#nextOrder++;
    this.#unacknowledged.push({ order, item });
    this.#unacknowledgedBytes += sizeOf(item);
    this.#transmit(order, item);
    this.#retransmission ??= this.#options.scheduler.after(this.#retransmitMs, () => this.#retransmit());
  }

  #transmit(order: number, item: WireItem): void {
    const message: WireMessage = { kind: "item", link: this.#link, side: this.#side, order, item, garbled: false };
    this.#options.transmit(this.#side, message);
  }

  /** The machine repeats what was not acknowledged, also for a process that is paused. */
  #retransmit(): void {
    this.#retransmission = null;
    if (this.#unacknowledged.length === 0 || this.party.life.isDead) return;
    this.#retransmitMs = Math.min(RETRANSMIT_MS_MAX, 2 * this.#retransmitMs);
    for (const { order, item } of this.#unacknowledged) this.#transmit(order, item);
    this.#retransmission = this.#options.scheduler.after(this.#retransmitMs, () => this.#retransmit());
  }

  /** Acknowledgements take no time and are never lost: a simplification that only makes repeats rarer. */
  #acknowledge(order: number): void {
    const index = this.#unacknowledged.findIndex((waiting) => waiting.order === order);
    if (index < 0) return;
    const [done] = this.#unacknowledged.splice(index, 1);
    const wasWritable = this.isWritable;
    this.#unacknowledgedBytes -= done === undefined ? 0 : sizeOf(done.item);
    this.#retransmitMs = RETRANSMIT_MS;
    if (this.#unacknowledged.length === 0) {
      this.#retransmission?.cancel();
      this.#retransmission = null;
    }
    if (!wasWritable && this.isWritable) this.party.life.run(this.#onDrain);
  }

  /** An item of the other side's stream has reached our machine. */
  arrive(order: number, item: WireItem): void {
    if (this.party.life.isDead) return;
    this.#peer.#acknowledge(order);
    if (this.#isClosed || order < this.#expected) return;
    const { life } = this.party;
    if (order === this.#expected && this.#early.size === 0 && !life.isPaused) {
      this.#expected += 1;
      this.#take(item);
      return;
    }
    this.#early.set(order, item);
    for (let next = this.#early.get(this.#expected); next !== undefined; next = this.#early.get(this.#expected)) {
      this.#early.delete(this.#expected++);
      const ready = next;
      life.run(() => this.#take(ready));
    }
  }

  #take(item: WireItem): void {
    if (this.#isClosed) return;
    if (item.kind === "close") this.end(item.code);
    else if (this.#held === null) this.#onFrame(item.bytes);
    else {
      assert(this.#held.length < HELD_FRAMES_MAX, "a connection was accepted and never read");
      this.#held.push(item.bytes);
    }
  }

  onFrame(handler: (frame: Uint8Array) => void): void {
    this.#onFrame = handler;
    const held = this.#held ?? [];
    this.#held = null;
    for (const frame of held) if (!this.#isClosed) handler(frame);
  }

  onDrain(handler: () => void): void {
    this.#onDrain = handler;
  }

  onClose(handler: (reason: CloseReason) => void): void {
    this.#onClose = handler;
  }

  close(code: CloseCode): void {
    if (this.#isClosed || this.party.life.isDead) return;
    this.#put({ kind: "close", code });
    this.#isClosed = true;
  }

  /** The other side said so, or is gone. */
  end(code: CloseCode): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose({ code, remote: true });
  }

  /** The process is gone: its machine says so to the other side. */
  reset(): void {
    if (!this.#isClosed) this.#options.transmit(this.#side, { kind: "reset", link: this.#link, side: this.#side });
    this.#isClosed = true;
    this.#unacknowledged = [];
  }
}

const sizeOf = (item: WireItem): number => (item.kind === "frame" ? item.bytes.length : 0);
