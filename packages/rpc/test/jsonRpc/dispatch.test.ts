import { describe, expect, it } from "@jest/globals";
import { dispatch, type Method } from "../../src/jsonRpc/dispatch.ts";
import { RPC_CODE, RpcError } from "../../src/jsonRpc/rpcError.ts";

const METHODS = new Map<string, Method>([
  ["echo", (params) => params],
  ["nothing", () => undefined],
  ["long", () => "x".repeat(600)],
  ["unprintable", () => ({ amount: 1n })],
  [
    "refuse",
    () => {
      throw new RpcError(RPC_CODE.server, "no", { code: "WHY" });
    },
  ],
  ["fail", () => Promise.reject(new Error("a secret of ours"))],
]);

async function run(body: unknown, onError: (method: string, error: unknown) => void = () => undefined) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await dispatch(text, METHODS, {}, { batchMax: 3, responseBytesMax: 1_000 }, onError);
  return answer === null ? null : JSON.parse(answer);
}

const request = (method: unknown, more: object = {}) => ({ jsonrpc: "2.0", id: 1, method, ...more });

describe("dispatch", () => {
  it("answers a call with its id, whatever kind the id has", async () => {
    for (const id of [0, 1.5, -7, "a", "", null]) {
      expect(await run({ jsonrpc: "2.0", id, method: "echo", params: [1, "b"] })).toEqual({
        jsonrpc: "2.0",
        id,
        result: [1, "b"],
      });
    }
  });

  it("takes absent and null params as none, and answers null for nothing", async () => {
    expect(await run(request("echo"))).toMatchObject({ result: [] });
    expect(await run(request("echo", { params: null }))).toMatchObject({ result: [] });
    expect(await run(request("nothing"))).toEqual({ jsonrpc: "2.0", id: 1, result: null });
  });

  it.each([
    ["not JSON", "{", -32700, null],
    ["an empty body", "", -32700, null],
    ["a number", 5, -32600, null],
    ["null", null, -32600, null],
    ["no version", { id: 1, method: "echo" }, -32600, 1],
    ["an old version", { jsonrpc: "1.0", id: 1, method: "echo" }, -32600, 1],
    ["no method", { jsonrpc: "2.0", id: 1 }, -32600, 1],
    ["a method that is not text", request(1), -32600, 1],
    ["a method without a name", request(""), -32601, 1],
    ["an id that is an object", { jsonrpc: "2.0", id: {}, method: "echo" }, -32600, null],
    ["an unknown method", request("eth_mystery"), -32601, 1],
    ["a name of Object.prototype", request("constructor"), -32601, 1],
    ["named params", request("echo", { params: { a: 1 } }), -32602, 1],
    ["an empty batch", [], -32600, null],
  ])("refuses %s", async (_, body, code, id) => {
    expect(await run(body)).toMatchObject({ jsonrpc: "2.0", id, error: { code, message: expect.any(String) } });
  });

  it("refuses too large a batch by an answer to the first of its calls", async () => {
    const refused = (id: number | null) => [
      { jsonrpc: "2.0", id, error: { code: -32600, message: expect.stringMatching(/^batch too large/) } },
    ];
    expect(await run([{}, ...Array(4).fill(request("echo", { id: 7 }))])).toEqual(refused(7));
    expect(await run([1, 2, 3, 4])).toEqual(refused(null));
  });

  it("names an unknown method as geth does, without repeating all of a long one", async () => {
    const known = await run(request("eth_mystery"));
    expect(known.error.message).toBe("the method eth_mystery does not exist/is not available");
    expect((await run(request("x".repeat(500)))).error.message.length).toBeLessThan(120);
  });

  it("stays silent for notifications, also when they fail", async () => {
    expect(await run({ jsonrpc: "2.0", method: "echo" })).toBeNull();
    expect(await run({ jsonrpc: "2.0", method: "refuse" })).toBeNull();
    expect(await run([{ jsonrpc: "2.0", method: "echo" }])).toBeNull();
  });

  it("answers a batch in order, one answer per call", async () => {
    const answers = await run([request("echo", { id: 2 }), { jsonrpc: "2.0", method: "echo" }, 7]);
    expect(answers).toEqual([
      { jsonrpc: "2.0", id: 2, result: [] },
      { jsonrpc: "2.0", id: null, error: { code: -32600, message: expect.any(String) } },
    ]);
  });

  it("passes on what a method refuses with, and hides what it failed with", async () => {
    const errors: unknown[] = [];
    expect(await run(request("refuse"), (...error) => errors.push(error))).toMatchObject({
      error: { code: -32000, message: "no", data: { code: "WHY" } },
    });
    expect(errors).toEqual([]);
    const failed = await run(request("fail"), (...error) => errors.push(error));
    expect(failed.error).toEqual({ code: -32603, message: "internal error" });
    expect(errors).toEqual([["fail", new Error("a secret of ours")]]);
  });

  it("reports a result that JSON cannot hold as a failure of its own", async () => {
    const errors: unknown[] = [];
    const answer = await run(request("unprintable"), (method) => errors.push(method));
    expect(answer).toEqual({ jsonrpc: "2.0", id: 1, error: { code: -32603, message: "internal error" } });
    expect(errors).toEqual(["unprintable"]);
  });

  it("replaces answers that exceed the size limit, in a batch over all of them", async () => {
    const answers = await run([request("long", { id: 1 }), request("long", { id: 2 }), request("echo", { id: 3 })]);
    expect(answers.map((answer: { id: number; error?: { code: number } }) => [answer.id, answer.error?.code])).toEqual([
      [1, undefined],
      [2, -32003],
      [3, undefined],
    ]);
  });
});
