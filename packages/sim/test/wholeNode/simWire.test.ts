import type { CloseReason, Connection } from "@festina/network";
import { describe, expect, it } from "@jest/globals";
import { ProcessClock } from "../../src/wholeNode/processClock.ts";
import { nodeIdOf } from "../../src/wholeNode/simProcess.ts";
import { SimWire } from "../../src/wholeNode/simWire.ts";
import { FaultCounts } from "../../src/world/faultCounts.ts";
import { CALM_LINKS, type LinkConditions } from "../../src/world/network.ts";
import { Scheduler } from "../../src/world/scheduler.ts";
import { createStreams } from "../../src/world/streams.ts";

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const frameOf = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

async function pair(conditions: Partial<LinkConditions> = {}) {
  const scheduler = new Scheduler();
  const counts = new FaultCounts();
  const wire = new SimWire({
    processes: 2,
    scheduler,
    dice: createStreams(9)("network"),
    counts,
    outbound: (_from, _to, frame) => (frame[0] === 0xee ? [] : [frame]),
    onArrival: () => undefined,
  });
  const lives = [0, 1].map(() => new ProcessClock(scheduler, { rate: 1, wallOffsetMs: 0 }));
  const [near, far] = lives.map((life, process) => wire.createTransport({ process, nodeId: nodeIdOf(process), life }));
  let accepted: Connection | null = null;
  await far?.listen({ host: "", port: 1 }, (connection) => {
    accepted = connection;
  });
  const run = async (ms: number): Promise<void> => {
    const untilMs = scheduler.nowMs + ms;
    do await turn();
    while (scheduler.runNext(untilMs));
  };
  const dialling = near?.dial({ nodeId: nodeIdOf(1), host: "", port: 1 });
  await run(100);
  const answer = await dialling;
  if (answer?.ok !== true || accepted === null) throw new Error("not connected");
  wire.network.conditions = { ...CALM_LINKS, ...conditions };
  return { wire, scheduler, counts, run, near: answer.value, far: accepted as Connection, lives };
}

function listenTo(connection: Connection) {
  const frames: number[] = [];
  const closes: CloseReason[] = [];
  connection.onFrame((frame) => void frames.push((frame[0] ?? 0) * 256 + (frame[1] ?? 0)));
  connection.onClose((reason) => void closes.push(reason));
  return { frames, closes };
}

describe("a simulated connection", () => {
  it("brings every frame once and in order over a network that loses, doubles and reorders", async () => {
    const { near, far, run, counts } = await pair({ lossRate: 0.2, duplicateRate: 0.2, jitterMs: 40 });
    const heard = listenTo(far);
    const sent = Array.from({ length: 400 }, (_, index) => index);
    for (const value of sent) near.send(frameOf(value));
    await run(60_000);
    expect(heard.frames).toEqual(sent);
    expect(heard.closes).toEqual([]);
    for (const kind of ["drop", "duplicate", "reorder"] as const) expect(counts.counts[kind]).toBeGreaterThan(10);
  });

  it("goes on behind a partition", async () => {
    const { near, far, run, wire } = await pair();
    const heard = listenTo(far);
    const heal = wire.network.cut(0, 1);
    near.send(frameOf(1));
    await run(3_000);
    expect(heard.frames).toEqual([]);
    heal();
    await run(10_000);
    expect(heard.frames).toEqual([1]);
  });

  it("breaks on both sides when bytes are hurt", async () => {
    const { near, far, run } = await pair({ corruptRate: 1 });
    const [nearHeard, farHeard] = [listenTo(near), listenTo(far)];
    near.send(frameOf(1));
    await run(1_000);
    expect(farHeard).toEqual({ frames: [], closes: [{ code: "LOST", remote: true }] });
    expect(nearHeard.closes.length).toBeLessThanOrEqual(1);
    expect(near.send(frameOf(2)) && far.send(frameOf(3))).toBe(false);
  });

  it("tells why it was closed, after everything that was sent before", async () => {
    const { near, far, run } = await pair();
    const heard = listenTo(far);
    near.send(frameOf(7));
    near.close("STOPPING");
    expect(near.send(frameOf(8))).toBe(false);
    await run(1_000);
    expect(heard).toEqual({ frames: [7], closes: [{ code: "STOPPING", remote: true }] });
  });

  it("is lost when the other process crashes, and holds what comes while its own is paused", async () => {
    const { near, far, run, wire, lives } = await pair();
    const heard = listenTo(far);
    lives[1]?.pause();
    near.send(frameOf(1));
    await run(1_000);
    expect(heard.frames).toEqual([]);
    lives[1]?.resume();
    await run(1);
    expect(heard.frames).toEqual([1]);
    near.send(frameOf(2));
    lives[0]?.end();
    wire.crash(0);
    await run(1_000);
    expect(heard.frames).toEqual([1, 2]);
    expect(heard.closes).toEqual([{ code: "LOST", remote: true }]);
  });

  it("sends what its process really sends", async () => {
    const { near, far, run } = await pair();
    const heard = listenTo(far);
    near.send(Uint8Array.of(0xee, 1));
    near.send(frameOf(5));
    await run(1_000);
    expect(heard.frames).toEqual([5]);
  });
});
