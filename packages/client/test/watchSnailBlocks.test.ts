import { type RpcFixture, startFixture, word } from "@festina/rpc/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createClient, custom, numberToHex, webSocket } from "viem";
import { festinaActions, type SnailBlock } from "../src/index.ts";

const PATIENCE_MS = 10_000;

async function until(isSo: () => boolean): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > endMs) throw new Error("it did not come true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let fixture: RpcFixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

describe("watching snail blocks", () => {
  it("over a WebSocket, tells them as they come, and no more once it is ended", async () => {
    const client = createClient({
      transport: webSocket(fixture.server.url.replace("http", "ws"), { reconnect: false }),
    });
    const before = fixture.backend.listeners.size;
    const told: SnailBlock[] = [];
    const errors: Error[] = [];
    const end = client.extend(festinaActions).watchSnailBlocks({
      onSnailBlock: (block) => told.push(block),
      onError: (error) => errors.push(error),
    });
    await until(() => fixture.backend.listeners.size === before + 1);
    const { hash } = fixture.backend.snail.byNumber(1)!;
    fixture.backend.emit({ kind: "snailBlock", number: 1, hash });
    await until(() => told.length === 1);
    expect(told).toMatchObject([{ number: 1n, hash }]);
    end();
    await until(() => fixture.backend.listeners.size === before);
    expect(errors).toEqual([]);
    (await client.transport.getRpcClient()).close();
  });

  /** A node without pushes: block N of a branch is `word(branch * 10,000 + N)`, up to where the branch leaves another. */
  class PolledNode {
    head = 3;
    isBroken = false;
    asked = 0;
    /** Names of branches from the heights on at which they leave the one before. */
    readonly #branches: { readonly from: number; readonly name: number }[] = [{ from: 0, name: 1 }];
    readonly #shape: object;

    constructor(shape: object) {
      this.#shape = shape;
    }

    branch(from: number, head: number): void {
      this.#branches.push({ from, name: this.#branches.length + 1 });
      this.head = head;
    }

    #hashOf(number: number): string {
      const { name = 0 } = this.#branches.findLast(({ from }) => from <= number) ?? {};
      return word((name * 10_000 + number).toString(16));
    }

    #block(number: number): object {
      const named = { number: numberToHex(number), hash: this.#hashOf(number), parentHash: this.#hashOf(number - 1) };
      return { ...this.#shape, ...named };
    }

    readonly request = async ({
      method,
      params,
    }: {
      method: string;
      params?: readonly unknown[];
    }): Promise<unknown> => {
      this.asked += 1;
      if (this.isBroken) throw new Error("the node is gone");
      if (method === "snail_getBlockByNumber") return this.#block(this.head);
      const number = Number(params?.[0]) % 10_000;
      return this.#hashOf(number) === params?.[0] ? this.#block(number) : null;
    };
  }

  it("asks where it cannot be told: every block in order, after errors as well, and only the newest of a long gap", async () => {
    const node = new PolledNode((await fixture.result("snail_getBlockByNumber", "latest", false)) as object);
    const client = createClient({ transport: custom(node, { retryCount: 0 }), pollingInterval: 5 });
    const told: number[] = [];
    const errors: Error[] = [];
    const end = client.extend(festinaActions).watchSnailBlocks({
      onSnailBlock: ({ number }) => told.push(Number(number)),
      onError: (error) => errors.push(error),
    });
    await until(() => node.asked > 0);
    node.head = 6;
    await until(() => told.length === 3);
    node.isBroken = true;
    await until(() => errors.length > 0);
    node.head = 7;
    node.isBroken = false;
    await until(() => told.length === 4);
    node.head = 1_007;
    await until(() => told.at(-1) === 1_007);
    expect(told.slice(0, 4)).toEqual([4, 5, 6, 7]);
    expect(told.slice(4)).toEqual(Array.from({ length: 64 }, (_, index) => 944 + index));
    end();
    const { length } = errors;
    node.isBroken = true;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(errors).toHaveLength(length);
  });

  it("asks for blocks that take the place of others, too, also where the heavier chain is the shorter one", async () => {
    const node = new PolledNode((await fixture.result("snail_getBlockByNumber", "latest", false)) as object);
    const client = createClient({ transport: custom(node, { retryCount: 0 }), pollingInterval: 5 });
    const told: string[] = [];
    const end = client.extend(festinaActions).watchSnailBlocks({
      onSnailBlock: ({ number, hash }) => told.push(`${number} of ${Math.floor(Number(hash) / 10_000)}`),
    });
    await until(() => node.asked > 0);
    node.head = 6;
    await until(() => told.length === 3);
    node.branch(6, 6);
    await until(() => told.length === 4);
    node.branch(4, 5);
    await until(() => told.length === 6);
    node.head = 6;
    await until(() => told.length === 7);
    // What was there when the watch began is replaced as well; what was before that is not looked at.
    node.branch(1, 4);
    await until(() => told.length === 10);
    end();
    expect(told).toEqual([
      ...["4 of 1", "5 of 1", "6 of 1", "6 of 2", "4 of 3", "5 of 3", "6 of 3"],
      ...["2 of 4", "3 of 4", "4 of 4"],
    ]);
  });
});
