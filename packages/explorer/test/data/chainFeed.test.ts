import { describe, expect, it } from "@jest/globals";
import { ChainFeed } from "../../src/data/chainFeed.ts";
import type { Socket } from "../../src/data/liveConnection.ts";
import type { Call } from "../../src/data/rpcCaller.ts";

/** A node with a head that tests move, and a world whose time stands still. */
class FakeNode {
  head = 100;
  snailHead = 3;
  isDown = false;
  /** A method that fails while the others are answered. */
  broken = "";
  fork = { from: Number.POSITIVE_INFINITY, name: "c" };
  asked: string[] = [];
  timers: (() => void)[] = [];
  socket: Socket | null = null;

  readonly call: Call = async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    this.asked.push(method);
    if (this.isDown || method === this.broken) throw new Error("down");
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
        return {
          ...{ number: params[0], timestampMs: "0x1", transactions: [], gasUsed: "0x0" },
          ...{ hash: this.hashOf(Number(params[0])), parentHash: this.hashOf(Number(params[0]) - 1) },
        };
      case "snail_getBlockByNumber":
        return { number: params[0], hash: `0xs${params[0]}`, fruits: [{ hash: "0xf" }, "0xtext"] };
      case "festina_status":
        return { snailNumber: this.snailHead };
      default:
        throw new Error(`no ${method}`);
    }
  }

  /** Blocks from the fork on belong to the newest branch. */
  hashOf(number: number): string {
    return number < this.fork.from ? `0xb${number}` : `0x${this.fork.name}${number}`;
  }

  push(number: number): void {
    const result = {
      ...{ number: `0x${number.toString(16)}`, hash: this.hashOf(number), parentHash: this.hashOf(number - 1) },
    };
    this.socket?.onmessage?.({ data: JSON.stringify({ params: { subscription: "0xa", result } }) });
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

  it("goes on asking while the node is away, and says since when it is", async () => {
    const node = new FakeNode();
    node.isDown = true;
    const feed = node.createFeed();
    feed.start();
    await node.turn();
    expect([feed.state.overview.isReady, feed.state.silentSinceMs]).toEqual([false, 5]);
    node.isDown = false;
    await node.turn();
    expect([feed.state.overview.isReady, feed.state.silentSinceMs]).toEqual([true, null]);
    feed.stop();
  });

  it("forgets blocks that a chain has left, also when as many others came in their place", async () => {
    const node = new FakeNode();
    const feed = node.createFeed();
    const hashes = () => feed.state.overview.fast.slice(-3).map(({ hash }) => hash);
    feed.start();
    await node.turn();
    node.socket?.onmessage?.({ data: '{"id":1,"result":"0xa"}' });
    // Another block of the same number is pushed.
    node.fork = { from: 100, name: "c" };
    node.push(100);
    await node.turn();
    expect(hashes()).toEqual(["0xb98", "0xb99", "0xc100"]);
    // Nothing is pushed: the next block's parent is not the one that is shown.
    node.fork = { from: 99, name: "d" };
    node.head = 101;
    await node.turn();
    await node.turn();
    expect(hashes()).toEqual(["0xd99", "0xd100", "0xd101"]);
    feed.stop();
  });

  it("forgets them also when the first read of what came instead fails", async () => {
    const node = new FakeNode();
    const feed = node.createFeed();
    feed.start();
    await node.turn();
    node.socket?.onmessage?.({ data: '{"id":1,"result":"0xa"}' });
    node.fork = { from: 100, name: "c" };
    node.push(100);
    node.broken = "eth_getBlockByNumber";
    await node.turn();
    expect(feed.state.overview.fast.at(-1)?.hash).toBe("0xb100");
    node.broken = "";
    await node.turn();
    expect(feed.state.overview.fast.at(-1)?.hash).toBe("0xc100");
    feed.stop();
  });

  it("begins anew when another chain is at the address after a break", async () => {
    const node = new FakeNode();
    const feed = node.createFeed();
    feed.start();
    await node.turn();
    expect(feed.state.overview).toMatchObject({ genesisHash: "0xb0", chainSerial: 0 });
    node.isDown = true;
    await node.turn();
    expect(feed.state.overview.fast).toHaveLength(60);
    Object.assign(node, { isDown: false, head: 2, snailHead: 0, fork: { from: 0, name: "e" } });
    await node.turn();
    const { genesisHash, chainSerial, fast, snail } = feed.state.overview;
    expect([genesisHash, chainSerial, fast.length, snail.length]).toEqual(["0xe0", 1, 3, 1]);
    feed.stop();
  });
});
