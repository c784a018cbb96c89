import { signTransaction } from "@festina/types";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { ACCOUNTS, fields, makeBlock, SECRET_KEYS, TOKEN, transferLog, word } from "../../testing/fakeChain.ts";
import { type RpcFixture, SocketReader, startFixture } from "../../testing/rpcFixture.ts";

const [ALICE, BOB, CAROL] = ACCOUNTS;
let fixture: RpcFixture;
let reader: SocketReader;

beforeEach(async () => {
  fixture = await startFixture();
  reader = await SocketReader.open(fixture.server.port);
});

afterEach(async () => {
  await fixture.close();
  expect(fixture.methodErrors).toEqual([]);
});

interface Notification {
  readonly method: string;
  readonly params: { readonly subscription: string; readonly result: Record<string, unknown> };
}

const subscribe = async (...params: unknown[]): Promise<unknown> =>
  (await reader.ask("eth_subscribe", ...params)).result;

function addTransfers(): string {
  const transaction = signTransaction(fields({ nonce: 60n }), SECRET_KEYS[0]!);
  const logs = [transferLog(ALICE, BOB, 1), transferLog(BOB, CAROL, 2)];
  const record = makeBlock(fixture.backend.records.at(-1)!, [{ transaction, logs }]);
  fixture.backend.append(record);
  return record.block.hash;
}

describe("eth_subscribe", () => {
  it("pushes new heads until unsubscribed", async () => {
    const id = await subscribe("newHeads");
    const hash = addTransfers();
    const pushed = (await reader.next()) as Notification;
    expect(pushed).toMatchObject({ method: "eth_subscription", params: { subscription: id } });
    expect(pushed.params.result).toMatchObject({ hash, number: "0x5", baseFeePerGas: "0x3b9aca00" });
    expect(pushed.params.result).not.toHaveProperty("transactions");
    expect(await reader.ask("eth_unsubscribe", id)).toMatchObject({ result: true });
    addTransfers();
    expect(await reader.ask("eth_unsubscribe", id)).toMatchObject({ result: false });
    expect(reader.unread).toBe(0);
  });

  it("pushes the logs that match, one by one", async () => {
    await subscribe("logs", { address: TOKEN, topics: [null, word(BOB.slice(2))] });
    addTransfers();
    const { params } = (await reader.next()) as Notification;
    expect(params.result).toMatchObject({ address: TOKEN, logIndex: "0x1", blockNumber: "0x5", removed: false });
    expect(await reader.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("takes back the logs of a block that is no more, the last first", async () => {
    await subscribe("logs", { address: TOKEN });
    addTransfers();
    const told = [await reader.next(), await reader.next()] as Notification[];
    expect(told.map(({ params }) => params.result["removed"])).toEqual([false, false]);
    const records = [fixture.backend.records.pop()!];
    fixture.backend.emit({ kind: "removed", above: 4, records });
    expect(await reader.next()).toMatchObject({ params: { result: { removed: true, logIndex: "0x1" } } });
    expect(await reader.next()).toMatchObject({ params: { result: { removed: true, logIndex: "0x0" } } });
    expect(await reader.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("pushes waiting transactions, as hashes or whole", async () => {
    const transaction = signTransaction(fields({ nonce: 61n }), SECRET_KEYS[0]!);
    fixture.backend.pooled = [transaction];
    await subscribe("newPendingTransactions");
    await subscribe("newPendingTransactions", true);
    fixture.backend.emit({ kind: "pendingTransaction", hash: transaction.hash });
    fixture.backend.emit({ kind: "pendingTransaction", hash: word("1") });
    expect(await reader.next()).toMatchObject({ params: { result: transaction.hash } });
    expect(await reader.next()).toMatchObject({ params: { result: { hash: transaction.hash, blockHash: null } } });
    expect(await reader.next()).toMatchObject({ params: { result: word("1") } });
    expect(await reader.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("pushes snail blocks", async () => {
    await subscribe("snailBlocks");
    const { hash } = fixture.backend.snail.byNumber(1)!;
    fixture.backend.emit({ kind: "snailBlock", number: 1, hash });
    expect(await reader.next()).toMatchObject({ params: { result: { number: "0x1", hash } } });
  });

  it("keeps connections apart", async () => {
    const other = await SocketReader.open(fixture.server.port);
    const id = await subscribe("newHeads");
    expect(await other.ask("eth_unsubscribe", id)).toMatchObject({ result: false });
    addTransfers();
    expect(await reader.next()).toMatchObject({ method: "eth_subscription" });
    expect(await other.ask("eth_chainId")).toMatchObject({ result: "0x539" });
  });

  it("ends with its connection", async () => {
    const before = fixture.backend.listeners.size;
    await subscribe("newHeads");
    await subscribe("logs", {});
    expect(fixture.backend.listeners.size).toBe(before + 2);
    reader.socket.terminate();
    while (fixture.backend.listeners.size > before) await new Promise(setImmediate);
    addTransfers();
  });

  it("refuses unknown topics, wrong filters, too many, and HTTP", async () => {
    for (const params of [[], [5], ["newTails"], ["logs", "0x"], ["logs", { topics: "0x" }], ["logs", []]]) {
      expect(await reader.ask("eth_subscribe", ...params)).toMatchObject({ error: { code: -32602 } });
    }
    expect(await reader.ask("eth_unsubscribe", "none")).toMatchObject({ error: { code: -32602 } });
    expect(await fixture.ask("eth_subscribe", "newHeads")).toMatchObject({
      error: { code: -32601, message: expect.stringContaining("use WebSocket") },
    });
    for (let i = 0; i < 256; i++) await subscribe("syncing");
    expect(await reader.ask("eth_subscribe", "newHeads")).toMatchObject({ error: { code: -32005 } });
  });
});

describe("snail_subscribe", () => {
  const next = async (): Promise<Notification> => (await reader.next()) as Notification;

  it("pushes the work that there is, each that follows, and null while there is none", async () => {
    const { backend } = fixture;
    const id = (await reader.ask("snail_subscribe", "work", ALICE)).result;
    const first = await next();
    expect(first).toMatchObject({ method: "snail_subscription", params: { subscription: id } });
    expect(first.params.result).toEqual(JSON.parse(JSON.stringify(await fixture.result("snail_getWork", ALICE))));
    for (const listener of backend.workListeners) listener({ ...backend.work, workId: "w2" });
    for (const listener of backend.workListeners) listener(null);
    expect((await next()).params.result).toMatchObject({ workId: "w2", blockTarget: "0x1" });
    expect((await next()).params.result).toBeNull();
    expect(await reader.ask("snail_unsubscribe", id)).toMatchObject({ result: true });
    expect(backend.workListeners.size).toBe(0);
  });

  it("ends with its connection", async () => {
    await reader.ask("snail_subscribe", "work", ALICE, BOB);
    expect(fixture.backend.workListeners.size).toBe(1);
    reader.socket.terminate();
    while (fixture.backend.workListeners.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it.each<[string, unknown[], object]>([
    ["another topic", ["blocks", ALICE], { code: -32602 }],
    ["no topic", [], { code: -32602 }],
    ["no payout", ["work"], { code: -32602 }],
    ["half an address", ["work", "0x12"], { code: -32602 }],
    ["a supported validator that is none", ["work", ALICE, 7], { code: -32602 }],
    ["no room", ["work", `0x${"00".repeat(20)}`], { code: -32000, data: { code: "MINERS_TOO_MANY" } }],
  ])("refuses %s", async (_what, params, error) => {
    expect((await reader.ask("snail_subscribe", ...params)).error).toMatchObject(error);
    expect(fixture.backend.workListeners.size).toBe(0);
  });

  it("needs a connection that can be pushed to", async () => {
    expect((await fixture.ask("snail_subscribe", "work", ALICE)).error).toMatchObject({ code: -32601 });
    expect((await fixture.ask("snail_unsubscribe", "0x1")).result).toBe(false);
  });
});
