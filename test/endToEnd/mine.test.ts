// `festina mine` as its user runs it: a process of its own that knows no more than the address of a node's RPC.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOfSecretKey } from "@festina/crypto";
import { type Address, fail, hexToBytes, ok, ZERO_HASH } from "@festina/primitives";
import type { MiningWork } from "@festina/rpc";
import { computePowWins, computeTarget, keccakPowEngine } from "@festina/snailchain";
import { afterEach, describe, expect, it } from "@jest/globals";
import { word } from "../../packages/rpc/testing/fakeChain.ts";
import { type RpcFixture, startFixture } from "../../packages/rpc/testing/rpcFixture.ts";
import { type DevnetProcess, startDevnet } from "./devnetProcess.ts";
import { MineProcess } from "./mineProcess.ts";
import { waitFor } from "./waitFor.ts";

const PAYOUT = `0x${"e1".repeat(20)}` as Address;
const STALE_MS_MAX = 100;

let fixture: RpcFixture | null = null;
let miner: MineProcess | null = null;
let devnet: DevnetProcess | null = null;
afterEach(async () => {
  await miner?.stop();
  await fixture?.close();
  await devnet?.stop();
  [miner, fixture, devnet] = [null, null, null];
});

interface Share {
  readonly workId: string;
  readonly nonce: bigint;
  readonly atMs: number;
}

function aWork(workId: string, difficulty: bigint, fruitDifficulty: bigint): MiningWork {
  return {
    workId,
    sealHash: word(workId),
    blockTarget: computeTarget(difficulty),
    fruitTarget: computeTarget(fruitDifficulty),
    powEngine: "keccak",
    powKey: ZERO_HASH,
    number: 2,
    parentHash: word("51"),
    anchorNumber: 3,
    difficulty,
    fruitDifficulty,
  };
}

/** A node that hands out what the test says, and keeps the nonces. */
async function startNode(work: MiningWork, port = 0): Promise<{ node: RpcFixture; shares: Share[] }> {
  const node = await startFixture({ port });
  fixture = node;
  node.backend.work = work;
  const shares: Share[] = [];
  Object.assign(node.backend.miner, {
    submitWork: async (workId: string, nonce: bigint) => {
      shares.push({ workId, nonce, atMs: performance.now() });
      if (shares.length % 10 === 3) return fail("WORK_STALE", "too late");
      if (shares.length % 10 === 4) return fail("SHARE_WRONG", "no win");
      return ok({ fruit: word("f1"), block: shares.length % 10 === 5 ? word("b1") : null });
    },
  });
  return { node, shares };
}

describe("festina mine", () => {
  it("hands in nonces that win, drops stale work within 100 ms, rests while there is none, and says what came of it", async () => {
    const first = aWork("a1", 100_000n, 300n);
    const { node, shares } = await startNode(first);
    miner = MineProcess.start("--rpc", node.server.url, "--payout", PAYOUT, "--cpu-share", "0.2", "--json");
    await waitFor("shares", 20_000, () => (shares.length > 20 ? true : null), 10);
    for (const { workId, nonce } of shares.slice(0, 20)) {
      expect(workId).toBe("a1");
      const wins = computePowWins(keccakPowEngine, first.sealHash, nonce, first, first.powKey);
      expect(wins.fruit || wins.block).toBe(true);
    }
    const tell = (work: MiningWork | null): number => {
      for (const listener of node.backend.workListeners) listener(work);
      return performance.now();
    };
    for (const workId of ["a2", "a3", "a4", "a5"]) {
      const next = aWork(workId, 100_000n, 300n);
      node.backend.work = next;
      const before = shares.length;
      const toldMs = tell(next);
      await waitFor(`shares of ${workId}`, 10_000, () => (shares.at(-1)?.workId === workId ? true : null), 5);
      const late = shares.slice(before).filter((share) => share.workId !== workId);
      for (const share of late) expect(share.atMs - toldMs).toBeLessThanOrEqual(STALE_MS_MAX);
    }
    const stoppedMs = tell(null);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(shares.filter(({ atMs }) => atMs - stoppedMs > STALE_MS_MAX)).toEqual([]);
    // The view tells once a second.
    const status = await miner.waitForEvent("status", ({ fruits }) => Number(fruits) > 5);
    expect(status).toMatchObject({ snailNumber: 2, refused: { SHARE_WRONG: expect.any(Number) } });
    expect(Number(status["stale"])).toBeGreaterThan(0);
    expect(Number(status["blocks"])).toBeGreaterThan(0);
    expect(await miner.stop()).toBe(0);
    expect(miner.events.at(-1)).toMatchObject({ event: "end" });
  }, 60_000);

  it("goes on when the node is back", async () => {
    const { node, shares } = await startNode(aWork("a1", 100_000n, 3_000n));
    const { port, url } = node.server;
    miner = MineProcess.start("--rpc", url, "--payout", PAYOUT, "--cpu-share", "0.2", "--json");
    await waitFor("shares", 20_000, () => (shares.length > 3 ? true : null), 10);
    await node.close();
    await miner.waitForEvent("idle", () => true);
    const back = await startNode(aWork("b1", 100_000n, 3_000n), port);
    await waitFor("shares", 20_000, () => (back.shares.length > 3 ? true : null), 10);
    expect(new Set(back.shares.map(({ workId }) => workId))).toEqual(new Set(["b1"]));
  }, 60_000);

  it("ends with a code where nobody answers, and where the node refuses", async () => {
    miner = MineProcess.start("--rpc", "http://127.0.0.1:1", "--payout", PAYOUT);
    expect(await miner.ended).toBe(3);
    expect(miner.errors).toMatch(/\[RPC_UNREACHABLE\]/);
    const { node } = await startNode(aWork("a1", 1n, 1n));
    const zero = `0x${"00".repeat(20)}`;
    miner = MineProcess.start("--rpc", node.server.url, "--payout", zero);
    expect(await miner.ended).toBe(1);
    expect(miner.errors).toMatch(/^error: no room \[/m);
    node.backend.work = { ...aWork("a1", 1n, 1n), powEngine: "quartz" };
    miner = MineProcess.start("--rpc", node.server.url, "--payout", PAYOUT);
    expect(await miner.ended).toBe(1);
    expect(miner.errors).toMatch(/quartz now \[POW_ENGINE_UNKNOWN\]/);
  }, 60_000);

  it("earns its first fruit reward on a running devnet without any file edited by hand", async () => {
    const folder = mkdtempSync(join(tmpdir(), "festina-mine-"));
    try {
      devnet = await startDevnet({ miners: 0 });
      const key = join(folder, "miner.key");
      miner = MineProcess.start("--rpc", devnet.url("member-3"), "--account", key, "--cpu-share", "0.1");
      const line = await waitFor("pay", 60_000, () => /^paid [1-9]\S* coins$/m.exec(miner?.output ?? "")?.[0]);
      const address = addressOfSecretKey(hexToBytes(readFileSync(key, "utf8").trim()));
      expect(miner.output).toContain(`mining for ${address} `);
      const rpc = devnet.rpc("member-1");
      await waitFor(
        "the balance",
        10_000,
        async () => BigInt(await rpc.call<string>("eth_getBalance", [address, "latest"])) > 0n || null,
      );
      // The first pay may be a packer's, of a block without fruits: it is a fruit's that is waited for.
      type Rewards = { paid: string; blocks: { fruits: string; fastNumber: string | null }[] };
      await waitFor("the pay of a fruit", 60_000, async () => {
        const rewards = await rpc.call<Rewards>("snail_getRewards", [address, "earliest", "latest"]);
        expect(BigInt(rewards.paid)).toBeGreaterThan(0n);
        return rewards.blocks.some(({ fruits, fastNumber }) => Number(fruits) > 0 && fastNumber !== null) || null;
      });
      expect(line).toMatch(/coins/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 180_000);
});
