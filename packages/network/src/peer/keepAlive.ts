import { bigintToBytes, equalBytes } from "@festina/primitives";
import type { NetworkLimits } from "../limits.ts";

const NONCE_BYTES = 8;

/** Whether a peer is still there: any frame is a sign of life, a ping asks for one, an unread backlog is a sign of none. */
export class KeepAlive {
  readonly #limits: NetworkLimits;
  #receivedAtMs: number;
  #sentAtMs: number;
  #steppedAtMs: number;
  #pingedAtMs = 0;
  #pingCount = 0n;
  #nonce: Uint8Array | null = null;
  /** Of the newest answered ping. */
  roundTripMs: number | null = null;

  constructor(limits: NetworkLimits, nowMs: number) {
    this.#limits = limits;
    this.#receivedAtMs = nowMs;
    this.#sentAtMs = nowMs;
    this.#steppedAtMs = nowMs;
  }

  onReceived(nowMs: number): void {
    this.#receivedAtMs = nowMs;
  }

  /** The transport took a frame. */
  onSent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  /** Pongs that answer no open ping are ignored; they cost their sender its allowance like any frame. */
  onPong(payload: Uint8Array, nowMs: number): void {
    if (this.#nonce === null || !equalBytes(this.#nonce, payload)) return;
    this.#nonce = null;
    this.roundTripMs = nowMs - this.#pingedAtMs;
  }

  /** Called every `pingIntervalMs`: the next ping's nonce, or why the connection is given up. */
  step(
    nowMs: number,
    isBacklogged: boolean,
  ):
    | { readonly kind: "ping"; readonly nonce: Uint8Array }
    | { readonly kind: "close"; readonly code: "IDLE_TIMEOUT" | "SEND_STALLED" } {
    // A step that comes far too late means that this machine slept; the peer's silence then says nothing.
    if (nowMs - this.#steppedAtMs > 2 * this.#limits.pingIntervalMs) {
      this.#receivedAtMs = nowMs;
      this.#sentAtMs = nowMs;
    }
    this.#steppedAtMs = nowMs;
    if (nowMs - this.#receivedAtMs >= this.#limits.idleTimeoutMs) return { kind: "close", code: "IDLE_TIMEOUT" };
    if (isBacklogged && nowMs - this.#sentAtMs >= this.#limits.stallTimeoutMs) {
      return { kind: "close", code: "SEND_STALLED" };
    }
    this.#pingCount += 1n;
    this.#nonce = bigintToBytes(this.#pingCount, NONCE_BYTES);
    this.#pingedAtMs = nowMs;
    return { kind: "ping", nonce: this.#nonce };
  }
}
