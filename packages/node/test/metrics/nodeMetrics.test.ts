import type { NodeStatus } from "@festina/rpc";
import { describe, expect, it } from "@jest/globals";
import type { Log } from "../../src/log.ts";
import { serveMetrics } from "../../src/metrics/metricsServer.ts";
import { createNodeMetrics } from "../../src/metrics/nodeMetrics.ts";

const member = (digit: string, seats: number) => ({ address: `0x${digit.repeat(40)}` as never, seats });
const STATUS: NodeStatus = {
  role: "member",
  nodeId: "0x",
  headNumber: 90,
  headHash: `0x${"11".repeat(32)}` as never,
  epoch: 3,
  view: 17,
  committee: [member("1", 40), member("2", 60)],
  quorumSeats: 67,
  missing: [{ ...member("2", 60), silentMs: null }],
  snailNumber: 8,
  snailHash: `0x${"22".repeat(32)}` as never,
  anchoredNumber: 70,
  peers: 4,
  otherNetworks: [],
  ahead: { fast: null, snail: null },
  pooledTransactions: 5,
  pooledFruits: 6,
  hashRatePerSecond: 7,
  recovery: null,
  doing: "voting",
};

const written: string[] = [];
const say = (level: string) => (event: string) => {
  written.push(`${level} ${event}`);
};
const LOG: Log = { debug: say("debug"), info: say("info"), warn: say("warn"), error: say("error") };

function observed() {
  const metrics = createNodeMetrics();
  const source = {
    status: STATUS,
    nowMs: 12_500,
    headTimeMs: 10_000,
    ownAddress: STATUS.committee[0]?.address ?? null,
  };
  metrics.observe(
    () => source,
    () => ({ evidence: 2, fruits: 6 }),
    () => [{ message: "vote", sentFrames: 3, sentBytes: 600, receivedFrames: 2, receivedBytes: 400 }],
  );
  return metrics;
}

const figureOf = (text: string, name: string): string | undefined =>
  text
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1);

describe("the figures of a node", () => {
  it("are read when somebody asks", async () => {
    const metrics = observed();
    await metrics.text();
    const text = await metrics.text();
    const expected: Record<string, number> = {
      festina_fast_height: 90,
      festina_fast_age_seconds: 2.5,
      festina_epoch: 3,
      festina_view: 17,
      festina_committee_members: 2,
      festina_committee_seats: 100,
      festina_quorum_seats: 67,
      festina_missing_seats: 60,
      festina_own_seats: 40,
      festina_snail_height: 8,
      festina_anchored_height: 70,
      festina_anchor_lag_blocks: 20,
      festina_peers: 4,
      festina_pool_transactions: 5,
      festina_pool_fruits: 6,
      festina_hash_rate: 7,
      'festina_held{kind="evidence"}': 2,
      'festina_sent_frames_total{message="vote"}': 3,
      'festina_sent_bytes_total{message="vote"}': 600,
      'festina_received_frames_total{message="vote"}': 2,
      'festina_received_bytes_total{message="vote"}': 400,
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, figureOf(text, name)]).toEqual([name, `${value}`]);
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it("count what the log says, and pass it on", async () => {
    const metrics = observed();
    const log = metrics.watch(LOG);
    log.info("blockCommitted", { transactions: 3, gasUsed: 63_000n });
    log.info("blockCommitted", { transactions: 1, gasUsed: 21_000n });
    log.debug("blockCommitted", { transactions: 0, gasUsed: 0n });
    log.warn("misbehaviour");
    log.debug("network.whatever");
    expect(written).toEqual([
      "info blockCommitted",
      "info blockCommitted",
      "debug blockCommitted",
      "warn misbehaviour",
      "debug network.whatever",
    ]);
    const text = await metrics.text();
    expect(figureOf(text, "festina_blocks_total")).toBe("3");
    expect(figureOf(text, "festina_transactions_total")).toBe("4");
    expect(figureOf(text, "festina_gas_total")).toBe("84000");
    expect(figureOf(text, 'festina_events_total{event="misbehaviour",level="warn"}')).toBe("1");
    expect(text).not.toContain("network.whatever");
  });

  it("are served at one path, to those who read", async () => {
    const server = await serveMetrics(observed(), { host: "127.0.0.1", port: 0 });
    try {
      const answer = await fetch(server.url);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/plain")]);
      expect(await answer.text()).toContain("festina_fast_height 90");
      for (const [url, method] of [
        [server.url.replace("/metrics", "/"), "GET"],
        [server.url, "POST"],
      ] as const)
        expect((await fetch(url, { method })).status).toBe(404);
      await expect(
        serveMetrics(observed(), { host: "127.0.0.1", port: Number(new URL(server.url).port) }),
      ).rejects.toThrow(expect.objectContaining({ code: "METRICS_LISTEN" }));
    } finally {
      await server.close();
    }
  });
});
