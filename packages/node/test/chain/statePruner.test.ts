import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { FestinaNode, NodeConfig } from "../../src/index.ts";
import { checkNodeConfig } from "../../src/index.ts";
import { aDisk, aSpec, CommitteeNetwork, OWNERS } from "../committee/committee.ts";

const KEEP = 3;
const FULL: Partial<NodeConfig> = {
  sync: { mode: "replay" },
  history: "full",
  statesKept: KEEP,
  rpc: { host: "127.0.0.1", port: 0, hosts: [] },
};
const [OWNER] = OWNERS as [(typeof OWNERS)[number]];

describe("a full node", () => {
  const net = new CommitteeNetwork(aSpec({}, { heartbeatMs: 5_000 }));
  const disk = aDisk();
  let node: FestinaNode | null = null;
  const backend = () => (node as FestinaNode).backend;
  const statesFrom = (): number => backend().status().statesFrom ?? 0;

  beforeAll(async () => {
    await net.start(0, 1, 2, 3);
    node = await net.follower(disk, FULL);
  }, 60_000);

  afterAll(async () => {
    void node?.stop();
    await net.stopAll();
  });

  async function ask(method: string, ...params: readonly unknown[]) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    let answer: { readonly result?: unknown; readonly error?: unknown } | null = null;
    void fetch(node?.rpcUrl ?? "", { method: "POST", headers: { "content-type": "application/json" }, body })
      .then(async (response) => {
        answer = (await response.json()) as typeof answer;
      })
      .catch((error: Error) => {
        answer = { error: error.message };
      });
    await net.until(`an answer to ${method}`, () => answer !== null, 3_600_000);
    return answer as unknown as { readonly result?: unknown; readonly error?: unknown };
  }

  it("leaves old states while it follows", async () => {
    await net.until("states are left", () => statesFrom() > 0, 600_000);
    await net.until("they are cleared", () => net.events("statesCleared").length > 0, 600_000);
    expect(backend().chain.head() - statesFrom()).toBeGreaterThanOrEqual(KEEP);
    expect(net.events("statesLeft").length).toBeGreaterThan(0);
  }, 60_000);

  it("answers from every state that it keeps as an archive does, and of others says which way they went", async () => {
    const archive = net.node(0).backend.state;
    const from = statesFrom();
    for (let number = from; number <= backend().chain.head(); number++)
      expect(backend().state.balance(OWNER, number)).toBe(archive.balance(OWNER, number));
    expect(archive.balance(OWNER, 1)).toBeDefined();
    expect(await ask("eth_getBalance", OWNER, "0x1")).toMatchObject({
      error: { code: -32000, message: expect.stringContaining("missing trie node") },
    });
    expect(await ask("eth_getProof", OWNER, [], "0x1")).toMatchObject({ error: { code: -32000 } });
    expect(await ask("eth_call", { to: OWNER }, "0x1")).toHaveProperty("error");
    expect(await ask("eth_getBlockByNumber", "0x1", true)).toMatchObject({ result: { number: "0x1" } });
    expect(await ask("eth_capabilities")).toMatchObject({
      result: { state: { oldestBlock: `0x${from.toString(16)}` } },
    });
  }, 60_000);

  it("goes on after a restart, and as an archive stops leaving them", async () => {
    const stopping = (node as FestinaNode).stop();
    let isStopped = false;
    void stopping.then(() => {
      isStopped = true;
    });
    await net.until("it has stopped", () => isStopped);
    node = await net.follower(disk, FULL);
    const from = statesFrom();
    expect(from).toBeGreaterThan(0);
    await net.until("more states are left", () => statesFrom() > from, 1_200_000);
    isStopped = false;
    void node.stop().then(() => {
      isStopped = true;
    });
    await net.until("it has stopped again", () => isStopped);
    node = await net.follower(disk, { ...FULL, history: "archive" });
    const kept = statesFrom();
    const height = backend().chain.head();
    await net.until("blocks go on", () => backend().chain.head() >= height + 2 * KEEP, 600_000);
    expect(statesFrom()).toBe(kept);
    expect(backend().state.balance(OWNER, kept)).toBeDefined();
  }, 60_000);
});

describe("history in a configuration", () => {
  const config = { chainSpecFile: "c", dataDir: null, rpc: null, network: null };
  it.each([
    [{ history: "some" }, /^history: /],
    [{ history: { mode: "full" } }, /^history: /],
    [{ history: "full", statesKept: 1_023 }, /^statesKept: /],
    [{ history: "full", statesKept: 1e300 }, /^statesKept: /],
    [{ history: "full", statesKept: "many" }, /^statesKept: /],
    [{ historie: "full" }, /did you mean history\?/],
  ])("%j is refused with what is wrong", (change, said) => {
    expect(checkNodeConfig({ ...config, ...change })).toMatchObject({
      ok: false,
      error: { code: "NODE_CONFIG_INVALID", message: expect.stringMatching(said) },
    });
  });

  it("is full or archive", () => {
    expect(checkNodeConfig({ ...config, history: "full", statesKept: 1_024 })).toMatchObject({ ok: true });
    expect(checkNodeConfig({ ...config, history: "archive" })).toMatchObject({ ok: true });
  });
});
