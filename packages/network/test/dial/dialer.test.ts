import { fail, ok } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import { computeBackoffMs } from "../../src/dial/backoff.ts";
import { Dialer } from "../../src/dial/dialer.ts";
import { DEFAULT_NETWORK_LIMITS } from "../../src/limits.ts";
import type { NodeId } from "../../src/nodeId.ts";
import type { Connection, Transport } from "../../src/transport.ts";
import { nodeIdOf } from "../samples.ts";
import { VirtualClock } from "../virtualClock.ts";

describe("computeBackoffMs", () => {
  it("doubles to its ceiling, between half and all of it", () => {
    expect([0, 1, 2, 3, 9, 5_000].map((attempt) => computeBackoffMs(attempt, 100, 1_000, 1))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    expect(computeBackoffMs(2, 100, 1_000, 0)).toBe(200);
  });
});

const limits = {
  ...DEFAULT_NETWORK_LIMITS,
  dialYieldMs: 50,
  dialBackoffMsMin: 100,
  dialBackoffMsMax: 400,
  stableConnectionMs: 1_000,
};
const peer = nodeIdOf(5);

function setUp(ownId: NodeId) {
  const clock = new VirtualClock();
  const dialedAtMs: number[] = [];
  const state = { isReachable: false, isConnected: false, bannedUntilMs: 0 };
  const failures: string[] = [];
  const closed: string[] = [];
  const connection = { remoteNodeId: peer, close: (code: string) => closed.push(code) } as unknown as Connection;
  const transport: Transport = {
    nodeId: ownId,
    listen: async (at) => at,
    dial: async () => {
      dialedAtMs.push(clock.nowMs());
      return state.isReachable ? ok(connection) : fail("UNREACHABLE", "nobody");
    },
    close: async () => {},
  };
  const dialer = new Dialer({
    transport,
    limits,
    clock,
    random: () => 1,
    isConnected: () => state.isConnected,
    bannedUntilMs: () => state.bannedUntilMs,
    onConnection: () => {
      state.isConnected = true;
    },
    onFailure: (_nodeId, code) => failures.push(code),
  });
  dialer.add({ nodeId: peer, host: "h", port: 1 });
  return { clock, dialer, state, dialedAtMs, failures, closed };
}

describe("Dialer", () => {
  it("waits longer after each failure, up to a ceiling", async () => {
    const { clock, dialer, dialedAtMs, failures } = setUp(nodeIdOf(1));
    dialer.start();
    await clock.advance(1_500);
    expect(dialedAtMs).toEqual([0, 100, 300, 700, 1_100, 1_500]);
    expect(new Set(failures)).toEqual(new Set(["UNREACHABLE"]));
  });

  it("lets the lower id dial first", async () => {
    const { clock, dialer, dialedAtMs } = setUp(nodeIdOf(9));
    dialer.start();
    await clock.advance(49);
    expect(dialedAtMs).toEqual([]);
    await clock.advance(1);
    expect(dialedAtMs).toEqual([50]);
  });

  it("dials again when the connection ends: quickly after a long one, slower after each short one", async () => {
    const { clock, dialer, state, dialedAtMs } = setUp(nodeIdOf(1));
    state.isReachable = true;
    dialer.start();
    await clock.advance(0);
    for (const livedMs of [5_000, 0, 0]) {
      state.isConnected = false;
      dialer.onClosed(peer, livedMs);
      await clock.advance(400);
    }
    expect(dialedAtMs).toEqual([0, 100, 500, 1_000]);
  });

  it("leaves connected and banned peers alone", async () => {
    const { clock, dialer, state, dialedAtMs } = setUp(nodeIdOf(1));
    state.isConnected = true;
    dialer.start();
    await clock.advance(1_000);
    expect(dialedAtMs).toEqual([]);
    state.isConnected = false;
    state.bannedUntilMs = 9_000;
    dialer.onClosed(peer, 0);
    await clock.advance(7_999);
    expect(dialedAtMs).toEqual([]);
    await clock.advance(1);
    expect(dialedAtMs).toEqual([9_000]);
  });

  it("closes a connection that comes after it was stopped, and dials no more", async () => {
    const { clock, dialer, state, dialedAtMs, closed } = setUp(nodeIdOf(1));
    state.isReachable = true;
    dialer.start();
    clock.timers[0]?.onElapsed();
    dialer.stop();
    await clock.advance(5_000);
    expect(closed).toEqual(["STOPPING"]);
    expect(dialedAtMs).toEqual([0]);
  });
});
