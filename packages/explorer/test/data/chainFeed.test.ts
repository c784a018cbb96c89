import { describe, expect, it } from "@jest/globals";
import { ChainFeed } from "../../src/data/chainFeed.ts";
import type { Socket } from "../../src/data/liveConnection.ts";
import type { Call } from "../../src/data/rpcCaller.ts";

/** A node with a head that tests move, and a world whose time stands still. */
class FakeNode {
  head = 100;
  snailHead = 3;
  isDown = false;
  asked: string[] = [];
  timers: (() => void)[] = [];
  socket: Socket | null = null;

  readonly call: Call = async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    this.asked.push(method);
    if (this.isDown) throw new Error("down");
    return this.#answer(method, params) as T;
  };

  #answer(method: string, params: readonly unknown[]): unknown {
    switch (method) {
      case "eth_chainId":
        return "0x7";
      case "web3_clientVersion":
        return "festina/test";
      case "eth_blockNumber":
        return `0x${this.head.toString(16)}`;
      case "snail_blockNumber":
        return `0x${this.snailHead.toString(16)}`;
      case "eth_getBlockByNumber":
        return { number: params[0], hash: `0xb${params[0]}`, timestampMs: "0x1", transactions: [], gasUsed: "0x0" };
      case "snail_getBlockByNumber":
        return { number: params[0], hash: `0xs${params[0]}`, fruits: [{ hash: "0xf" }, "0xtext"] };
      case "festina_status":
        return { snailNumber: this.snailHead };
      default:
        throw new Error(`no ${method}`);
    }
  }

  push(number: number): void {
    this.socket?.onmessage?.({
      data: JSON.stringify({ params: { subscription: "0xa", result: { number: `0x${number.toString(16)}` } } }),
    });
  }

  /** Runs what waits, and sits out its promises. */
  async turn(): Promise<void> {
    for (const run of this.timers.splice(0)) run();
    for (let index = 0; index < 60; index++) await Promise.resolve();
  }

  createFeed(): ChainFeed {
    return new ChainFeed(this.call, {
      openSocket: () => {
        this.socket = { send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null };
        return this.socket;
      },
      setTimer: (_delayMs, run) => {
        this.timers.push(run);
        return () => {
          this.timers = this.timers.filter((other) => other !== run);
        };
      },
      nowMs: () => 5,
    });
  }
}

describe("the feed", () => {
  it("begins with the newest of both chains, then follows", async () => {
    const node = new FakeNode();
    const feed = node.createFeed();
    let changes = 0;
    feed.subscribe(() => changes++);
    feed.start();
    await node.turn();
    let { overview } = feed.state;
    expect(overview).toMatchObject({ isReady: true, chainId: "7" });
    expect([overview.fast.length, overview.fast.at(-1)?.number, overview.snail.map(({ number }) => number)]).toEqual([
      ...[60, 100, [0, 1, 2, 3]],
    ]);
    expect(overview.snail[0]?.fruits).toHaveLength(1);

    node.socket?.onmessage?.({ data: '{"id":1,"result":"0xa"}' });
    node.socket?.onmessage?.({ data: '{"id":2,"result":"0xb"}' });
    node.head = 102;
    node.push(102);
    await node.turn();
    ({ overview } = feed.state);
    expect(overview.fast.slice(-2).map(({ number, seenMs }) => [number, seenMs])).toEqual([
      [101, null],
      [102, 5],
    ]);
    expect(changes).toBeGreaterThan(2);
    feed.stop();
    await node.turn();
    expect(node.timers).toEqual([]);
  });

  it("shows the newest of a flood, and never reads it all", async () => {
    const node = new FakeNode();
    const feed = node.createFeed();
    feed.start();
    await node.turn();
    node.head = 100_000;
    for (let number = 101; number < 5_000; number++) node.push(number);
    node.asked = [];
    await node.turn();
    expect(feed.state.overview.fast.at(-1)?.number).toBe(100_000);
    expect(node.asked.length).toBeLessThan(60);
    feed.stop();
  });

  it("starts again from a chain that went back", async () => {
    const node = new FakeNode();
    const feed = node.createFeed();
    feed.start();
    await node.turn();
    node.head = 10;
    await node.turn();
    expect(feed.state.overview.fast.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    feed.stop();
  });

  it("goes on asking while the node is away", async () => {
    const node = new FakeNode();
    node.isDown = true;
    const feed = node.createFeed();
    feed.start();
    await node.turn();
    expect(feed.state.overview.isReady).toBe(false);
    node.isDown = false;
    await node.turn();
    expect(feed.state.overview.isReady).toBe(true);
    feed.stop();
  });
});
