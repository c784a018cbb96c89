import { VALIDATOR_REGISTRY } from "@festina/contracts";
import { addressOfSecretKey } from "@festina/crypto";
import type { Network, NodeId, RequestType } from "@festina/network";
import { type Address, bytesToHex, fail, type Hash32, hexToBytes, ok, ZERO_HASH } from "@festina/primitives";
import { MetaStore, TABLE, tableKey } from "@festina/storage";
import { signTransaction, type TransactionFields } from "@festina/types";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { CommittedChain } from "../../src/chain/committedChain.ts";
import { OutlineChain } from "../../src/sync/snapshot/outlineChain.ts";
import { aDisk, ETHER, MEMBER_ADDRESSES, OWNERS } from "../committee/committee.ts";
import { mockSuite } from "../committee/mockSuite.ts";
import { BLOCKS, fieldsOf, LIGHT, LightUnderTest, NOBODY } from "./lightUnderTest.ts";

const QUESTIONS: readonly RequestType[] = [
  ...(["getSnailHeaders", "getFastOutlines", "getAccounts", "getSlots", "getCodes", "getFinishedBlocks"] as const),
];

describe("a light node", () => {
  const world = new LightUnderTest();
  const { spec, net, result, refusal } = world;
  const begin = (peers?: readonly string[]) => world.begin(peers);

  beforeAll(() => world.startCommittee(), 120_000);
  afterEach(() => world.stop());
  afterAll(() => net.stopAll());

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
      const told = bytesToHex(code ?? new Uint8Array());
      expect(await result("eth_getCode", address, at)).toBe(told);
      const [balance, nonceText] = [await result("eth_getBalance", address, at), `0x${nonce?.toString(16)}`];
      expect(await result("eth_getAccountInfo", address, at)).toEqual({ balance, code: told, nonce: nonceText });
      const { storageRoot, codeHash } = full.state.proof(address, [], number)!;
      const account = { balance, nonce: nonceText, storageRoot, codeHash };
      expect(await result("eth_getAccount", address, at)).toEqual(account);
    }
    expect(await result("eth_networkId")).toBe(await result("net_version"));
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
    expect([net.storeOf(0).get(key)?.length ?? 0, world.kept.store.get(key)]).toEqual([expect.any(Number), undefined]);
    expect(net.storeOf(0).get(key)).toBeDefined();
  }, 120_000);

  it("says by a code what it cannot answer", async () => {
    await begin();
    const unsupported = [-32_004, "LIGHT_UNSUPPORTED"];
    for (const [method, ...params] of [
      ["eth_call", { to: NOBODY }, "latest"],
      ["eth_sendTransaction", { from: NOBODY }],
      ["eth_getTransactionReceipt", `0x${"12".repeat(32)}`],
      ["eth_getTransactionByHash", `0x${"12".repeat(32)}`],
      ["eth_getLogs", {}],
      ["eth_getTransactionCount", NOBODY, "pending"],
      ["debug_accountRange"],
    ] as const)
      expect(await refusal(method, ...params)).toEqual(unsupported);
    expect(await refusal("eth_getTransactionReceipt", "0x12")).toEqual([-32_602, undefined]);
    expect(await refusal("eth_sendRawTransaction", 7)).toEqual([-32_602, undefined]);
    for (const garbage of ["0x", "0x00", `0x02${"c1".repeat(100)}`, `0x54${"ff".repeat(3_000)}`])
      expect(await refusal("eth_sendRawTransaction", garbage)).toEqual([-32_000, expect.stringMatching(/^TX_/)]);
    expect(await refusal("eth_noSuchMethod")).toEqual([-32_601, undefined]);
    expect(await refusal("eth_getBalance", "garbage", "latest")).toEqual([-32_602, undefined]);
    expect(await refusal("eth_getBalance", NOBODY, "0xffffffff")).toEqual([-32_000, undefined]);
    expect(await refusal("eth_getBalance", NOBODY, `0x${"12".repeat(32)}`)).toEqual([-32_000, undefined]);
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

  it("passes transactions on that the newest state bears, and proves what became of them", async () => {
    const light = await begin();
    const full = net.node(0).backend;
    const secret = new Uint8Array(32).fill(0x77);
    const sender = addressOfSecretKey(secret);
    const head = (): number => full.chain.head();
    const transfer = (nonce: bigint, changes: Partial<TransactionFields>): string =>
      bytesToHex(signTransaction(fieldsOf({ nonce, ...changes }), secret).encoded);
    await world.fund(sender);
    const funded = head();
    await net.until("the light node has come as far", () => light.backend.chain.head() >= funded);
    for (const [nonce, changes, code] of [
      [0n, { chainId: 7n }, "POOL_CHAIN_ID"],
      [0n, { gasLimit: 20_999n }, "TX_INTRINSIC_GAS"],
      [0n, { valueWei: 2n * ETHER }, "POOL_INSUFFICIENT_BALANCE"],
      [1_000_000n, {}, "POOL_NONCE_TOO_HIGH"],
    ] as const)
      expect(await refusal("eth_sendRawTransaction", transfer(nonce, changes))).toEqual([-32_000, code]);
    const raw = transfer(0n, {});
    const hash = await result("eth_sendRawTransaction", raw);
    expect(await refusal("eth_sendRawTransaction", raw)).toEqual([-32_000, "POOL_KNOWN"]);
    await net.until("it is final", () => full.chain.transactionLocation(hash as Hash32) !== undefined);
    const place = full.chain.transactionLocation(hash as Hash32);
    await net.until("the light node has the block", () => light.backend.chain.head() >= (place?.number ?? 0) + 3);
    expect(await result("eth_getTransactionReceipt", hash)).toMatchObject({
      ...{ transactionHash: hash, status: "0x1", from: sender, to: NOBODY },
      blockNumber: `0x${place?.number.toString(16)}`,
    });
    expect(await result("eth_getTransactionByHash", hash)).toMatchObject({ hash, value: "0x1", from: sender });
    expect(await refusal("eth_sendRawTransaction", transfer(0n, { valueWei: 3n }))).toEqual([
      -32_000,
      "POOL_NONCE_TOO_LOW",
    ]);
    // One that comes too early waits, here as there, and is told as pending.
    const early = await result("eth_sendRawTransaction", transfer(5n, {}));
    expect(await result("eth_getTransactionReceipt", early)).toBeNull();
    expect(await result("eth_getTransactionByHash", early)).toMatchObject({ hash: early, blockHash: null });
  }, 120_000);

  it("goes back to what the snail chain confirms where that anchors another block", async () => {
    await begin();
    const committed = new CommittedChain(world.kept.store, mockSuite, spec);
    committed.load();
    const { genesisHash } = committed;
    const outlines = new OutlineChain({
      ...{
        spec,
        committed,
        store: world.kept.store,
        clock: net.clock,
        signing: { chainId: spec.chainId, genesisHash },
      },
      environment: { spec, suite: mockSuite, epochs: committed },
    });
    const { number } = outlines.head.header;
    expect(number).toBeGreaterThanOrEqual(BLOCKS);
    expect(await outlines.confirm(new Map([[10, committed.hashOf(10) as Hash32]]))).toBe(true);
    // What is beyond the head is told by the block itself when it comes.
    expect(await outlines.confirm(new Map([[number + 1, ZERO_HASH]]))).toBe(true);
    expect(outlines.head.header.number).toBe(number);
    expect(await outlines.confirm(new Map([[20, ZERO_HASH]]))).toBe(false);
    expect([outlines.head.header.number, new MetaStore(world.kept.store).outlineHead()]).toEqual([10, 10]);
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
