import { describe, expect, it } from "@jest/globals";
import { createCaller, RpcFailure } from "../../src/data/rpcCaller.ts";

interface Sent {
  readonly id: number;
  readonly method: string;
}

/** A node that answers each call with its method, in reverse order. */
function echo(sizes: number[]): (body: string) => Promise<string> {
  return async (body) => {
    const calls = JSON.parse(body) as Sent | Sent[];
    if (!Array.isArray(calls)) {
      sizes.push(1);
      return JSON.stringify({ jsonrpc: "2.0", id: calls.id, result: calls.method });
    }
    sizes.push(calls.length);
    return JSON.stringify(calls.map(({ id, method }) => ({ jsonrpc: "2.0", id, result: method })).reverse());
  };
}

describe("calls", () => {
  it("of one moment share requests of bounded size", async () => {
    const sizes: number[] = [];
    const call = createCaller(echo(sizes));
    const methods = Array.from({ length: 120 }, (_, index) => `m${index}`);
    expect(await Promise.all(methods.map((method) => call(method)))).toEqual(methods);
    expect(await call("alone")).toBe("alone");
    expect(sizes).toEqual([50, 50, 20, 1]);
  });

  it("fail each by itself", async () => {
    const call = createCaller(async () =>
      JSON.stringify([
        { id: 1, result: "0x1" },
        { id: 2, error: { code: -32601, message: "no such method", data: 7 } },
      ]),
    );
    const outcomes = await Promise.allSettled([call("a"), call("b"), call("c")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    expect((outcomes[1] as PromiseRejectedResult).reason).toMatchObject({ code: -32601, data: 7 });
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: 0 });
  });

  it.each([["<html>"], ["null"], ['"text"'], ["{}"], ["[null]"]])("survive the answer %p", async (text) => {
    const call = createCaller(async () => text);
    const outcomes = await Promise.allSettled([call("a"), call("b")]);
    for (const outcome of outcomes) expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(RpcFailure);
  });

  it("say that the node cannot be reached", async () => {
    const call = createCaller(async () => {
      throw new Error("refused");
    });
    await expect(call("a")).rejects.toThrow("the node cannot be reached: refused");
  });

  it("are not queued without end", async () => {
    const call = createCaller(echo([]));
    const outcomes = await Promise.allSettled(Array.from({ length: 1_001 }, () => call("m")));
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
  });
});
