import { type RpcFixture, startFixture } from "@festina/rpc/testing";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createClient, custom, webSocket } from "viem";
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

  it("asks where it cannot be told: every block in order, after errors as well, and only the newest of a long gap", async () => {
    let head = 3;
    let isBroken = false;
    const shape = (await fixture.result("snail_getBlockByNumber", "latest", false)) as object;
    const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
      if (isBroken) throw new Error("the node is gone");
      return method === "snail_blockNumber" ? `0x${head.toString(16)}` : { ...shape, number: params?.[0] };
    };
    const client = createClient({ transport: custom({ request }, { retryCount: 0 }), pollingInterval: 5 });
    const told: number[] = [];
    const errors: Error[] = [];
    const end = client.extend(festinaActions).watchSnailBlocks({
      onSnailBlock: ({ number }) => told.push(Number(number)),
      onError: (error) => errors.push(error),
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    head = 6;
    await until(() => told.length === 3);
    isBroken = true;
    await until(() => errors.length > 0);
    head = 7;
    isBroken = false;
    await until(() => told.length === 4);
    head = 1_007;
    await until(() => told.at(-1) === 1_007);
    expect(told.slice(0, 4)).toEqual([4, 5, 6, 7]);
    expect(told.slice(4)).toEqual(Array.from({ length: 64 }, (_, index) => 944 + index));
    end();
    const { length } = errors;
    isBroken = true;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(errors).toHaveLength(length);
  });
});
