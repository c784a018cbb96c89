import { VALIDATOR_REGISTRY } from "@festina/contracts";
import type { Network, NodeId, RequestType } from "@festina/network";
import { type Address, bytesToHex, fail, type Hash32, hexToBytes, ok, ZERO_HASH } from "@festina/primitives";
import { MetaStore, TABLE, tableKey } from "@festina/storage";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { CommittedChain } from "../../src/chain/committedChain.ts";
import type { FestinaNode } from "../../src/index.ts";
import { OutlineChain } from "../../src/sync/snapshot/outlineChain.ts";
import { aDisk, aSpec, CommitteeNetwork, type Kept, MEMBER_ADDRESSES, OWNERS } from "../committee/committee.ts";
import { mockSuite } from "../committee/mockSuite.ts";

const BLOCKS = 90;
const LIGHT = { sync: { mode: "light" as const }, rpc: { host: "127.0.0.1", port: 0, hosts: [] } };
const NOBODY = `0x${"77".repeat(20)}`;
const QUESTIONS: readonly RequestType[] = [
  ...(["getSnailHeaders", "getFastOutlines", "getAccounts", "getSlots", "getCodes", "getFinishedBlocks"] as const),
];

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly code?: string } };
}

describe("a light node", () => {
  const spec = aSpec();
  const net = new CommitteeNetwork(spec, [0]);
  let node: FestinaNode | null = null;
  let kept: Kept;

  beforeAll(async () => {
    await net.start(0, 1, 2, 3);
    await net.until(`${BLOCKS} blocks`, () => net.height() >= BLOCKS, 400_000);
  }, 120_000);

  afterEach(async () => {
    let isStopped = false;
    void node?.stop().finally(() => {
      isStopped = true;
    });
    if (node !== null) await net.until("it has stopped", () => isStopped);
    node = null;
  });

  afterAll(() => net.stopAll());

  async function begin(peers: readonly string[] = MEMBER_ADDRESSES): Promise<FestinaNode> {
    kept = aDisk();
    const light = await net.follower(kept, LIGHT, peers);
    node = light;
    await net.until("it follows", () => light.backend.chain.head() >= BLOCKS);
    return light;
  }

  async function ask(method: string, ...params: readonly unknown[]): Promise<Answer> {
    let answer: Answer | null = null;
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    void fetch(node?.rpcUrl ?? "", { method: "POST", headers: { "content-type": "application/json" }, body })
      .then(async (response) => {
        answer = (await response.json()) as Answer;
      })
      .catch((error: Error) => {
        answer = { error: { code: 0, message: error.message } };
      });
    await net.until(`an answer to ${method}`, () => answer !== null, 3_600_000);
    return answer as unknown as Answer;
  }

  const result = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const { result, error } = await ask(method, ...params);
    expect(error).toBeUndefined();
    return result;
  };
  const refusal = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const { error } = await ask(method, ...params);
    return [error?.code, error?.data?.code];
  };

  /** Passes on what a member answers, or what `change` makes of it. */
  async function between(
    relay: Network,
    index: number,
    change: (type: RequestType, payload: Uint8Array) => Uint8Array,
  ): Promise<string> {
    const member = relay.peers()[0]?.nodeId as NodeId;
    return net.peer(index, 1_000_000, (network) => {
      for (const type of QUESTIONS)
        network.onRequest(type, async (_peer, payload) => {
          const answer = await relay.request(member, type, payload, 5_000);
          return answer.ok ? ok(change(type, answer.value)) : fail("NOT_FOUND", "not here");
        });
    });
  }

  it("follows the chain and answers what a full node answers, with nothing of a state on its disk", async () => {
    const light = await begin();
    const first = light.backend.chain.head();
    await net.until("more blocks", () => light.backend.chain.head() >= first + 5);
    const full = net.node(0).backend;
    const number = light.backend.chain.head();
    const at = `0x${number.toString(16)}`;
    const block = full.chain.blockByNumber(number)?.block;
    expect(await result("eth_getBlockByNumber", at, false)).toMatchObject({
      hash: block?.hash,
      stateRoot: block?.header.stateRoot,
      transactions: block?.transactions.map(({ hash }) => hash),
    });
    expect(await result("eth_getBlockByHash", block?.hash, true)).toMatchObject({ number: at });
    for (const address of [...OWNERS, NOBODY as Address, VALIDATOR_REGISTRY]) {
      expect(await result("eth_getBalance", address, at)).toBe(
        `0x${full.state.balance(address, number)?.toString(16)}`,
      );
      const nonce = full.state.nonce(address, number);
      expect(await result("eth_getTransactionCount", address, at)).toBe(`0x${nonce?.toString(16)}`);
      const code = full.state.code(address, number);
      expect(await result("eth_getCode", address, at)).toBe(bytesToHex(code ?? new Uint8Array()));
    }
    for (const slot of [0n, 1n, 12_345n]) {
      const value = full.state.storage(VALIDATOR_REGISTRY, slot, number) ?? 0n;
      const asked = `0x${slot.toString(16)}`;
      const word = `0x${value.toString(16).padStart(64, "0")}`;
      expect(await result("eth_getStorageAt", VALIDATOR_REGISTRY, asked, at)).toBe(word);
    }
    const proof = full.state.proof(VALIDATOR_REGISTRY, [0n, 7n], number);
    const proved = (await result("eth_getProof", VALIDATOR_REGISTRY, ["0x0", "0x7"], at)) as {
      readonly accountProof: readonly string[];
      readonly storageProof: readonly { readonly proof: readonly string[] }[];
    };
    expect(proved.accountProof).toEqual(proof?.accountProof.map(bytesToHex));
    expect(proved.storageProof.map((entry) => entry.proof)).toEqual(
      proof?.storageProofs.map((entry) => entry.proof.map(bytesToHex)),
    );
    const status = light.backend.status();
    expect(status).toMatchObject({ role: "observer", headNumber: light.backend.chain.head() });
    // By the hand-over certificates of at least one committee.
    expect(status.epoch).toBeGreaterThan(1);
    expect(status.snailNumber).toBeGreaterThan(0);
    const root = (block?.header.stateRoot ?? "") as Hash32;
    const key = tableKey(TABLE.trieNode, hexToBytes(root));
    expect([net.storeOf(0).get(key)?.length ?? 0, kept.store.get(key)]).toEqual([expect.any(Number), undefined]);
    expect(net.storeOf(0).get(key)).toBeDefined();
  }, 120_000);

  it("says by a code what it cannot answer", async () => {
    await begin();
    const unsupported = [-32_004, "LIGHT_UNSUPPORTED"];
    for (const [method, ...params] of [
      ["eth_call", { to: NOBODY }, "latest"],
      ["eth_sendRawTransaction", "0x00"],
      ["eth_getLogs", {}],
      ["eth_getTransactionCount", NOBODY, "pending"],
      ["debug_accountRange"],
    ] as const)
      expect(await refusal(method, ...params)).toEqual(unsupported);
    expect(await refusal("eth_noSuchMethod")).toEqual([-32_601, undefined]);
    expect(await refusal("eth_getBalance", "garbage", "latest")).toEqual([-32_602, undefined]);
    expect(await refusal("eth_getBalance", NOBODY, "0xffffffff")).toEqual([-32_001, undefined]);
    expect(await refusal("eth_getBalance", NOBODY, `0x${"12".repeat(32)}`)).toEqual([-32_602, undefined]);
    expect(await result("eth_getBlockByNumber", "0xffffffff", false)).toBeNull();
    expect(await result("eth_getBlockByHash", `0x${"12".repeat(32)}`, false)).toBeNull();
  }, 120_000);

  it("flaw 42: believes no answer without proof, and drops who sends one", async () => {
    const relay = await net.stranger();
    const bend = (payload: Uint8Array): Uint8Array => {
      const copy = payload.slice();
      copy[copy.length >> 1] = (copy[copy.length >> 1] as number) ^ 1;
      return copy;
    };
    const lying = (lie: RequestType) => (type: RequestType, payload: Uint8Array) =>
      type === lie ? bend(payload) : payload;
    const liars = [
      await between(relay, 80, lying("getAccounts")),
      await between(relay, 81, lying("getFastOutlines")),
      await between(relay, 82, lying("getSnailHeaders")),
      await between(relay, 83, lying("getFinishedBlocks")),
    ];
    const before = net.events("syncPeerDropped").length;
    const light = await begin([...liars, MEMBER_ADDRESSES[1] as string]);
    const full = net.node(0).backend;
    const droppedNow = (): readonly string[] =>
      net
        .events("syncPeerDropped")
        .slice(before)
        .map(({ facts }) => `${String(facts["peer"])}@memory:1`)
        .sort();
    // Peers are asked in turn, so that sooner or later each kind of question comes to each of them.
    for (let turn = 0; turn < 40 && droppedNow().length < liars.length; turn++) {
      const number = light.backend.chain.head() - turn;
      const at = `0x${number.toString(16)}`;
      const address = OWNERS[turn % OWNERS.length] as Address;
      expect(await result("eth_getBalance", address, at)).toBe(
        `0x${full.state.balance(address, number)?.toString(16)}`,
      );
      for (const height of [number, number - 40])
        expect(await result("eth_getBlockByNumber", `0x${height.toString(16)}`, false)).toMatchObject({
          hash: full.chain.blockByNumber(height)?.block.hash,
        });
    }
    expect(droppedNow()).toEqual([...liars].sort());
    void relay.stop();
  }, 120_000);

  it("goes back to what the snail chain confirms where that anchors another block", async () => {
    await begin();
    const committed = new CommittedChain(kept.store, mockSuite, spec);
    committed.load();
    const { genesisHash } = committed;
    const outlines = new OutlineChain({
      ...{ spec, committed, store: kept.store, clock: net.clock, signing: { chainId: spec.chainId, genesisHash } },
      environment: { spec, suite: mockSuite, epochs: committed },
    });
    const { number } = outlines.head.header;
    expect(number).toBeGreaterThanOrEqual(BLOCKS);
    expect(await outlines.confirm(new Map([[10, committed.hashOf(10) as Hash32]]))).toBe(true);
    // What is beyond the head is told by the block itself when it comes.
    expect(await outlines.confirm(new Map([[number + 1, ZERO_HASH]]))).toBe(true);
    expect(outlines.head.header.number).toBe(number);
    expect(await outlines.confirm(new Map([[20, ZERO_HASH]]))).toBe(false);
    expect([outlines.head.header.number, new MetaStore(kept.store).outlineHead()]).toEqual([10, 10]);
  }, 120_000);

  it("answers nothing that nobody proves", async () => {
    const relay = await net.stranger();
    let isMute = false;
    const member = relay.peers()[0]?.nodeId as NodeId;
    const only = await net.peer(90, 1_000_000, (network) => {
      for (const type of QUESTIONS)
        network.onRequest(type, async (_peer, payload) => {
          const answer = isMute ? null : await relay.request(member, type, payload, 5_000);
          return answer?.ok === true ? ok(answer.value) : fail("NOT_FOUND", "not here");
        });
    });
    await begin([only]);
    isMute = true;
    expect(await refusal("eth_getBalance", OWNERS[0], "latest")).toEqual([-32_002, "LIGHT_UNANSWERED"]);
    void relay.stop();
  }, 120_000);

  it("neither votes nor mines, and needs blocks that name their committees", async () => {
    const miner = { payout: NOBODY as Address, supports: [], threads: 1, cpuShare: 1 };
    await expect(net.follower(aDisk(), { ...LIGHT, miner })).rejects.toMatchObject({ code: "LIGHT_ROLE" });
  });
});
