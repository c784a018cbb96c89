import { assert } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { DEFAULT_NETWORK_LIMITS } from "../../src/limits.ts";
import { KeepAlive } from "../../src/peer/keepAlive.ts";

const limits = { ...DEFAULT_NETWORK_LIMITS, pingIntervalMs: 5, idleTimeoutMs: 15, stallTimeoutMs: 10 };

describe("KeepAlive", () => {
  it("pings while it waits, and gives up when nothing was heard for too long", () => {
    const keepAlive = new KeepAlive(limits, 0);
    expect([5, 10].map((nowMs) => keepAlive.step(nowMs, false).kind)).toEqual(["ping", "ping"]);
    expect(keepAlive.step(15, false)).toEqual({ kind: "close", code: "IDLE_TIMEOUT" });
  });

  it("takes any frame as a sign of life", () => {
    const keepAlive = new KeepAlive(limits, 0);
    for (let nowMs = 5; nowMs < 100; nowMs += 5) {
      keepAlive.onReceived(nowMs - 1);
      expect(keepAlive.step(nowMs, false).kind).toBe("ping");
    }
  });

  it("gives up a peer that sends but does not read", () => {
    const keepAlive = new KeepAlive(limits, 0);
    keepAlive.onReceived(5);
    expect(keepAlive.step(5, true).kind).toBe("ping");
    keepAlive.onReceived(10);
    expect(keepAlive.step(10, true)).toEqual({ kind: "close", code: "SEND_STALLED" });
  });

  it("does not blame the peer when this machine slept", () => {
    const keepAlive = new KeepAlive(limits, 0);
    expect(keepAlive.step(3_600_000, true).kind).toBe("ping");
  });

  it("measures the round trip by the pong of the newest ping only", () => {
    const keepAlive = new KeepAlive(limits, 0);
    const first = keepAlive.step(5, false);
    const second = keepAlive.step(10, false);
    assert(first.kind === "ping" && second.kind === "ping", "both are pings");
    keepAlive.onPong(first.nonce, 11);
    expect(keepAlive.roundTripMs).toBeNull();
    keepAlive.onPong(second.nonce, 12);
    expect(keepAlive.roundTripMs).toBe(2);
    keepAlive.onPong(second.nonce, 14);
    expect(keepAlive.roundTripMs).toBe(2);
  });
});
