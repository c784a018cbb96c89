import { type Clock, fail, ok, type Result, type Timer } from "@festina/primitives";
import type { Frame } from "../wire/frameCodec.ts";
import { MESSAGES, type RequestType } from "../wire/messageType.ts";
import type { PenaltyCode } from "./penalty.ts";
import { decodeRefusal } from "./refusal.ts";

export type RequestCode =
  /** No connection to this peer. */
  | "PEER_UNKNOWN"
  /** The connection ended before the answer. */
  | "PEER_GONE"
  /** `requestsOpenMax` are under way to this peer. */
  | "TOO_MANY_REQUESTS"
  /** Too much waits to be sent to this peer. */
  | "LANE_FULL"
  | "TIMEOUT"
  /** The peer answered that it has no answer; `facts.reason` is a `Refusal`. */
  | "REFUSED";

export type RequestAnswer = Result<Uint8Array, RequestCode>;

interface OpenRequest {
  readonly type: RequestType;
  readonly timer: Timer;
  readonly settle: (answer: RequestAnswer) => void;
}

/** Our requests to one peer that wait for an answer: matched by id, each settled exactly once. */
export class RequestTable {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #open = new Map<bigint, OpenRequest>();
  #nextId = 1n;

  constructor(clock: Clock, capacity: number) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  get isFull(): boolean {
    return this.#open.size >= this.#capacity;
  }

  /** `settle` is called once: with the answer, a refusal, `TIMEOUT`, or what `closeAll` says. The caller sees to `isFull`. */
  open(type: RequestType, timeoutMs: number, settle: (answer: RequestAnswer) => void): bigint {
    const id = this.#nextId++;
    const timer = this.#clock.setTimer(timeoutMs, () => {
      this.settle(id, fail("TIMEOUT", `${type}: no answer within ${timeoutMs} ms`, { type, timeoutMs }));
    });
    this.#open.set(id, { type, timer, settle });
    return id;
  }

  /** The penalty that the reply earned, if any. A wrong type leaves the request open: its connection is about to end. */
  onReply(frame: Frame): PenaltyCode | null {
    const id = frame.requestId ?? 0n;
    const request = this.#open.get(id);
    if (request === undefined) return id > 0n && id < this.#nextId ? "REPLY_LATE" : "REPLY_UNSOLICITED";
    if (frame.type === "refused") {
      const reason = decodeRefusal(frame.payload);
      this.settle(id, fail("REFUSED", `${request.type}: refused, ${reason}`, { type: request.type, reason }));
      return null;
    }
    if (frame.type !== MESSAGES[request.type].reply) return "REPLY_TYPE_WRONG";
    this.settle(id, ok(frame.payload));
    return null;
  }

  settle(id: bigint, answer: RequestAnswer): void {
    const request = this.#open.get(id);
    if (request === undefined) return;
    this.#open.delete(id);
    request.timer.cancel();
    request.settle(answer);
  }

  closeAll(): void {
    for (const [id, request] of [...this.#open]) {
      this.settle(id, fail("PEER_GONE", `${request.type}: the connection ended`, { type: request.type }));
    }
  }
}
