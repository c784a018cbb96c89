import { BoundedQueue } from "@festina/primitives";
import type { LaneLimit } from "../limits.ts";
import { MESSAGE_CLASSES, type MessageClass } from "../wire/messageType.ts";

/**
 * Frames that wait for one peer, one lane per message class. A lane goes only when all lanes before it are empty:
 * consensus, control, blocks, fruits, transactions. Starving a later lane is meant: a late vote costs everybody, a late
 * transaction costs one. Fruits are few and go before transactions, which could fill any lane.
 */
export class SendLanes {
  readonly #lanes: readonly Lane[];

  constructor(limits: Readonly<Record<MessageClass, LaneLimit>>) {
    this.#lanes = MESSAGE_CLASSES.map((messageClass) => new Lane(limits[messageClass]));
  }

  get isEmpty(): boolean {
    for (const lane of this.#lanes) if (lane.frames.size > 0) return false;
    return true;
  }

  /** Frames that overflow has cost so far, both dropped and refused. */
  get framesLost(): number {
    return this.#lanes.reduce((sum, lane) => sum + lane.framesLost, 0);
  }

  /** False when the lane is full and its rule is to refuse. */
  push(messageClass: MessageClass, frame: Uint8Array): boolean {
    return this.#lanes[MESSAGE_CLASSES.indexOf(messageClass)]?.push(frame) ?? false;
  }

  /** The frame to send next. */
  shift(): Uint8Array | undefined {
    return this.#lanes.find((lane) => lane.frames.size > 0)?.shift();
  }
}

class Lane {
  readonly frames: BoundedQueue<Uint8Array>;
  readonly #limit: LaneLimit;
  #bytes = 0;
  framesLost = 0;

  constructor(limit: LaneLimit) {
    this.#limit = limit;
    this.frames = new BoundedQueue(limit.framesMax);
  }

  push(frame: Uint8Array): boolean {
    while (!this.#hasRoomFor(frame)) {
      this.framesLost += 1;
      if (this.#limit.overflow === "refuse") return false;
      this.shift();
    }
    this.#bytes += frame.length;
    return this.frames.push(frame);
  }

  shift(): Uint8Array | undefined {
    const frame = this.frames.shift();
    this.#bytes -= frame?.length ?? 0;
    return frame;
  }

  #hasRoomFor(frame: Uint8Array): boolean {
    if (this.frames.size === 0) return true;
    return this.frames.size < this.#limit.framesMax && this.#bytes + frame.length <= this.#limit.bytesMax;
  }
}
