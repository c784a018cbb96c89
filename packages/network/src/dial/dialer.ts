import type { Clock, Timer } from "@festina/primitives";
import type { NetworkLimits } from "../limits.ts";
import type { NodeId, PeerAddress } from "../nodeId.ts";
import type { Connection, DialCode, Transport } from "../transport.ts";
import { computeBackoffMs } from "./backoff.ts";

interface Target {
  readonly address: PeerAddress;
  /** Failures and short-lived connections in a row. */
  attempts: number;
  isDialing: boolean;
  timer: Timer | null;
}

export interface DialerOptions {
  readonly transport: Transport;
  readonly limits: NetworkLimits;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Counts connections that are still in their handshake: `onClosed` tells when they fail. */
  readonly isConnected: (nodeId: NodeId) => boolean;
  /** 0 when it is not. */
  readonly bannedUntilMs: (nodeId: NodeId) => number;
  readonly onConnection: (connection: Connection) => void;
  readonly onFailure: (nodeId: NodeId, code: DialCode, attempts: number) => void;
}

/** Keeps a connection to every configured peer: dials, and dials again after a growing wait, for as long as it runs. */
export class Dialer {
  readonly #options: DialerOptions;
  readonly #targets = new Map<NodeId, Target>();
  #isRunning = false;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** A known node id at a new address is dialled there from now on. */
  add(address: PeerAddress): void {
    this.#targets.get(address.nodeId)?.timer?.cancel();
    const target: Target = { address, attempts: 0, isDialing: false, timer: null };
    this.#targets.set(address.nodeId, target);
    if (this.#isRunning) this.#schedule(target, this.#firstDelayMs(target));
  }

  has(nodeId: NodeId): boolean {
    return this.#targets.has(nodeId);
  }

  isDialing(nodeId: NodeId): boolean {
    return this.#targets.get(nodeId)?.isDialing ?? false;
  }

  /** Links are not kept any longer; the one that may be open stays. */
  remove(nodeId: NodeId): void {
    this.#targets.get(nodeId)?.timer?.cancel();
    this.#targets.delete(nodeId);
  }

  start(): void {
    this.#isRunning = true;
    for (const target of this.#targets.values()) this.#schedule(target, this.#firstDelayMs(target));
  }

  stop(): void {
    this.#isRunning = false;
    for (const target of this.#targets.values()) target.timer?.cancel();
  }

  /** A connection to this peer ended after `livedMs`; 0 when it never got past the handshake. */
  onClosed(nodeId: NodeId, livedMs: number): void {
    const target = this.#targets.get(nodeId);
    if (target === undefined || this.#options.isConnected(nodeId)) return;
    target.attempts = livedMs >= this.#options.limits.stableConnectionMs ? 0 : target.attempts + 1;
    this.#schedule(target, this.#backoffMs(target));
  }

  #firstDelayMs(target: Target): number {
    return this.#options.transport.nodeId < target.address.nodeId ? 0 : this.#options.limits.dialYieldMs;
  }

  #backoffMs(target: Target): number {
    const { limits, random, clock, bannedUntilMs } = this.#options;
    const waitMs = computeBackoffMs(
      Math.max(0, target.attempts - 1),
      limits.dialBackoffMsMin,
      limits.dialBackoffMsMax,
      random(),
    );
    return Math.max(waitMs, bannedUntilMs(target.address.nodeId) - clock.nowMs());
  }

  #schedule(target: Target, delayMs: number): void {
    if (!this.#isRunning) return;
    target.timer?.cancel();
    target.timer = this.#options.clock.setTimer(delayMs, () => void this.#dial(target));
  }

  async #dial(target: Target): Promise<void> {
    const { transport, isConnected, onConnection, onFailure } = this.#options;
    const { nodeId } = target.address;
    if (target.isDialing || isConnected(nodeId)) return;
    target.isDialing = true;
    const dialed = await transport.dial(target.address);
    target.isDialing = false;
    const isWanted = this.#isRunning && this.#targets.get(nodeId) === target;
    if (dialed.ok) {
      if (isWanted) onConnection(dialed.value);
      else dialed.value.close("STOPPING");
      return;
    }
    if (!isWanted) return;
    target.attempts += 1;
    onFailure(nodeId, dialed.error.code, target.attempts);
    this.#schedule(target, this.#backoffMs(target));
  }
}
