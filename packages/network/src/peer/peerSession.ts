import { type Clock, fail, type Timer } from "@festina/primitives";
import type { CloseCode, CloseReason } from "../closeCode.ts";
import type { NetworkLimits } from "../limits.ts";
import type { NodeId } from "../nodeId.ts";
import type { Connection } from "../transport.ts";
import { decodeFrame, encodeFrame, type Frame } from "../wire/frameCodec.ts";
import {
  decodeHandshake,
  encodeHandshake,
  HANDSHAKE_MISMATCHES,
  type Handshake,
  type HandshakeMismatch,
  verifyHandshake,
} from "../wire/handshake.ts";
import {
  isPushType,
  isRequestType,
  MESSAGES,
  type MessageClass,
  type PushType,
  type ReplyType,
  type RequestType,
} from "../wire/messageType.ts";
import { KeepAlive } from "./keepAlive.ts";
import { PENALTIES, type PenaltyCode } from "./penalty.ts";
import { ReceiveMeter } from "./receiveMeter.ts";
import { encodeRefusal, type Refusal } from "./refusal.ts";
import { type RequestAnswer, RequestTable } from "./requestTable.ts";
import { SendLanes } from "./sendLanes.ts";
import type { Traffic } from "./traffic.ts";
import { WaitingRequests } from "./waitingRequests.ts";

/** Answers may have megabytes, and wait for who does not read. Not one: what takes its time would hold up all else. */
const ANSWERS_AT_ONCE = 2;

export type Direction = "inbound" | "outbound";

/** What a session tells its owner. Called in the order things happen; after `closed` nothing more comes. */
export interface SessionEvents {
  established(session: PeerSession, handshake: Handshake): void;
  message(session: PeerSession, type: PushType, payload: Uint8Array): void;
  /** Answered by `reply` or `refuse` with the same id, exactly once, unless the session closes before. */
  request(session: PeerSession, type: RequestType, id: bigint, payload: Uint8Array): void;
  /** The action of the penalty is taken by the session itself, after this call. */
  penalised(session: PeerSession, code: PenaltyCode): void;
  /** One of the two found that they do not belong together; `theirs` is `null` if we never heard what they are. */
  mismatched(session: PeerSession, code: HandshakeMismatch, own: Handshake, theirs: Handshake | null): void;
  closed(session: PeerSession, reason: CloseReason): void;
}

/**
 * One connection, from the first frame to the last: handshake, frames in and out, requests in both directions,
 * keep-alive. Before both handshakes are exchanged nothing else is sent or accepted.
 */
export class PeerSession {
  readonly direction: Direction;
  readonly nodeId: NodeId;
  readonly openedAtMs: number;
  readonly #connection: Connection;
  readonly #ownHandshake: Handshake;
  readonly #limits: NetworkLimits;
  readonly #clock: Clock;
  readonly #events: SessionEvents;
  readonly #traffic: Traffic;
  readonly #lanes: SendLanes;
  readonly #meter: ReceiveMeter;
  readonly #requests: RequestTable;
  readonly #keepAlive: KeepAlive;
  readonly #served = new Set<bigint>();
  readonly #waiting = new WaitingRequests();
  /** Requests that have been handed on and not answered yet. */
  #inWork = 0;
  #timer: Timer;
  #handshake: Handshake | null = null;
  #isClosed = false;

  constructor(options: {
    readonly connection: Connection;
    readonly direction: Direction;
    readonly ownHandshake: Handshake;
    readonly limits: NetworkLimits;
    readonly clock: Clock;
    readonly events: SessionEvents;
    /** Counts what passes here, too. */
    readonly traffic: Traffic;
  }) {
    const { connection, limits, clock } = options;
    this.direction = options.direction;
    this.nodeId = connection.remoteNodeId;
    this.openedAtMs = clock.nowMs();
    this.#connection = connection;
    this.#ownHandshake = options.ownHandshake;
    this.#limits = limits;
    this.#clock = clock;
    this.#events = options.events;
    this.#traffic = options.traffic;
    this.#lanes = new SendLanes(limits.lanes);
    this.#meter = new ReceiveMeter(limits.allowances, this.openedAtMs);
    this.#requests = new RequestTable(clock, limits.requestsOpenMax);
    this.#keepAlive = new KeepAlive(limits, this.openedAtMs);
    this.#timer = clock.setTimer(limits.handshakeTimeoutMs, () => this.close("HANDSHAKE_TIMEOUT"));
  }

  /** Separate from construction, so that the owner knows the session before its first event. */
  start(): void {
    this.#connection.onClose((reason) => this.#onConnectionClosed(reason));
    this.#connection.onDrain(() => this.#flush());
    const greeting = encodeFrame("handshake", null, encodeHandshake(this.#ownHandshake));
    this.#connection.send(greeting);
    this.#traffic.onSent(greeting);
    this.#connection.onFrame((bytes) => this.#onFrame(bytes));
  }

  /** The peer's, once it was accepted. */
  get handshake(): Handshake | null {
    return this.#handshake;
  }

  get isEstablished(): boolean {
    return this.#handshake !== null && !this.#isClosed;
  }

  get remoteHost(): string {
    return this.#connection.remoteHost;
  }

  /** Of the newest answered ping; `null` before the first. */
  get roundTripMs(): number | null {
    return this.#keepAlive.roundTripMs;
  }

  /** Frames that full lanes have cost. */
  get framesLost(): number {
    return this.#lanes.framesLost;
  }

  /** Takes an encoded frame, so that a broadcast encodes once. False when not established or the lane refuses. */
  send(messageClass: MessageClass, frame: Uint8Array): boolean {
    if (!this.isEstablished) return false;
    if (this.#lanes.isEmpty && this.#connection.isWritable) {
      this.#transmit(frame);
      return true;
    }
    const isTaken = this.#lanes.push(messageClass, frame);
    this.#flush();
    return isTaken;
  }

  request(type: RequestType, payload: Uint8Array, timeoutMs: number): Promise<RequestAnswer> {
    return new Promise((resolve) => {
      if (!this.isEstablished) return resolve(fail("PEER_GONE", `${type}: not connected`));
      if (this.#requests.isFull) return resolve(fail("TOO_MANY_REQUESTS", `${type}: too many requests are open`));
      const id = this.#requests.open(type, Math.min(timeoutMs, this.#limits.requestTimeoutMsMax), resolve);
      if (!this.send(MESSAGES[type].class, encodeFrame(type, id, payload))) {
        this.#requests.settle(id, fail("LANE_FULL", `${type}: too much waits for this peer`));
      }
    });
  }

  reply(type: ReplyType, id: bigint, payload: Uint8Array): void {
    // A session that closed meanwhile has forgotten whom it serves.
    if (!this.#served.delete(id)) return;
    this.#inWork -= 1;
    if (!this.send(MESSAGES[type].class, encodeFrame(type, id, payload))) {
      this.#sendRefusal(id, "BUSY");
    }
    this.#serveWaiting();
  }

  refuse(id: bigint, refusal: Refusal): void {
    if (!this.#served.delete(id)) return;
    this.#inWork -= 1;
    this.#sendRefusal(id, refusal);
    this.#serveWaiting();
  }

  #sendRefusal(id: bigint, refusal: Refusal): void {
    this.send("control", encodeFrame("refused", id, encodeRefusal(refusal)));
  }

  penalise(code: PenaltyCode): void {
    if (this.#isClosed) return;
    this.#events.penalised(this, code);
    if (PENALTIES[code].action !== "disconnect") return;
    this.close(code === "HANDSHAKE_INVALID" ? "HANDSHAKE_INVALID" : "PROTOCOL_VIOLATION");
  }

  close(code: CloseCode): void {
    if (this.#isClosed) return;
    this.#connection.close(code);
    this.#finish({ code, remote: false });
  }

  #onConnectionClosed(reason: CloseReason): void {
    if (!reason.remote && reason.code === "FRAME_OVERSIZE") this.#events.penalised(this, "FRAME_OVERSIZE");
    if (!reason.remote && reason.code === "PROTOCOL_VIOLATION") this.#events.penalised(this, "FRAMING_BROKEN");
    const mismatch = HANDSHAKE_MISMATCHES.find((code) => code === reason.code);
    if (mismatch !== undefined && !this.isEstablished && !this.#isClosed)
      this.#events.mismatched(this, mismatch, this.#ownHandshake, null);
    this.#finish(reason);
  }

  #finish(reason: CloseReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.cancel();
    this.#served.clear();
    this.#waiting.clear();
    this.#requests.closeAll();
    this.#events.closed(this, reason);
  }

  #flush(): void {
    while (!this.#isClosed && this.#connection.isWritable) {
      const frame = this.#lanes.shift();
      if (frame === undefined) break;
      this.#transmit(frame);
    }
    this.#serveWaiting();
  }

  /** An answer that nobody reads costs memory, and what it took to make it: so none is made before the last is read. */
  #serveWaiting(): void {
    while (!this.#isClosed && this.#lanes.isEmpty && this.#connection.isWritable && this.#inWork < ANSWERS_AT_ONCE) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#inWork += 1;
      this.#events.request(this, next.type, next.id, next.payload);
    }
  }

  #transmit(frame: Uint8Array): void {
    this.#connection.send(frame);
    this.#traffic.onSent(frame);
    this.#keepAlive.onSent(this.#clock.nowMs());
  }

  #onFrame(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#traffic.onReceived(bytes);
    this.#keepAlive.onReceived(this.#clock.nowMs());
    const penalty = this.#handshake === null ? this.#greet(bytes) : this.#receive(bytes);
    if (penalty !== null) this.penalise(penalty);
  }

  #greet(bytes: Uint8Array): PenaltyCode | null {
    const frame = decodeFrame(bytes);
    if (!frame.ok || frame.value.type !== "handshake") return "HANDSHAKE_INVALID";
    const handshake = decodeHandshake(frame.value.payload);
    if (!handshake.ok) return "HANDSHAKE_INVALID";
    const verdict = verifyHandshake(this.#ownHandshake, handshake.value);
    if (!verdict.ok) {
      this.#events.mismatched(this, verdict.error.code, this.#ownHandshake, handshake.value);
      this.close(verdict.error.code);
      return null;
    }
    this.#handshake = handshake.value;
    this.#timer.cancel();
    this.#timer = this.#clock.setTimer(this.#limits.pingIntervalMs, () => this.#tick());
    this.#events.established(this, handshake.value);
    return null;
  }

  #receive(bytes: Uint8Array): PenaltyCode | null {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return decoded.error.code;
    const frame = decoded.value;
    const message = MESSAGES[frame.type];
    // What we asked for is no flood; any other reply counts like a push.
    const penalty = message.kind === "reply" ? this.#requests.onReply(frame) : null;
    if (message.kind === "reply" && penalty === null) return null;
    if (!this.#meter.admit(message.class, bytes.length, this.#clock.nowMs())) {
      // An asker that is merely fast should ask elsewhere at once instead of waiting for its timeout.
      if (isRequestType(frame.type)) this.#sendRefusal(frame.requestId ?? 0n, "BUSY");
      return "RATE_EXCEEDED";
    }
    return penalty ?? this.#dispatch(frame);
  }

  #dispatch(frame: Frame): PenaltyCode | null {
    const { type, payload } = frame;
    if (type === "handshake") return "HANDSHAKE_REPEATED";
    if (type === "ping") this.send("control", encodeFrame("pong", null, payload));
    else if (type === "pong") this.#keepAlive.onPong(payload, this.#clock.nowMs());
    else if (isRequestType(type)) this.#onRequest(type, frame.requestId ?? 0n, payload);
    else if (isPushType(type)) this.#events.message(this, type, payload);
    return null;
  }

  #onRequest(type: RequestType, id: bigint, payload: Uint8Array): void {
    if (this.#served.has(id) || this.#served.size >= this.#limits.requestsServedMax) {
      this.#sendRefusal(id, "BUSY");
      return;
    }
    this.#served.add(id);
    this.#waiting.push({ type, id, payload: payload.slice() });
    this.#serveWaiting();
  }

  #tick(): void {
    const verdict = this.#keepAlive.step(this.#clock.nowMs(), !this.#lanes.isEmpty);
    if (verdict.kind === "close") {
      this.close(verdict.code);
      return;
    }
    this.send("control", encodeFrame("ping", null, verdict.nonce));
    this.#timer = this.#clock.setTimer(this.#limits.pingIntervalMs, () => this.#tick());
  }
}
