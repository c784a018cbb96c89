import { spawn } from "node:child_process";
import { createContext, Script } from "node:vm";
import { createRpcClient, RpcAnswerError, type RpcClient } from "@festina/rpc";
import { describe, expect, it } from "@jest/globals";
import { createConsole } from "../../src/commands/attach.ts";
import { FESTINA, useDev } from "../devUnderTest.ts";

/** The node, but for what it says of itself; `null`: that it cannot say. */
function discovering(client: RpcClient, document: () => unknown): RpcClient {
  const call = async (method: string, params?: readonly unknown[]): Promise<unknown> => {
    if (method !== "rpc.discover") return client.call(method, params);
    if (document() === null) throw new RpcAnswerError(-32_601, "no such method", undefined);
    return document();
  };
  return { url: client.url, call: call as RpcClient["call"] };
}

describe("festina attach", () => {
  const { dev } = useDev();

  it("runs code at a console, in which methods are functions", async () => {
    const run = (code: string) => dev.run("attach", "--exec", code);
    expect(await run("eth.chainId()")).toMatchObject({ code: 0, out: "0x7a69\n" });
    expect((await run("eth.getBlockByNumber(0, false).then(({ number }) => ({ number }))")).out).toBe(
      '{\n  "number": "0x0"\n}\n',
    );
    expect(await dev.answer("attach", "--exec", "({ a: 7n, b: [1] })")).toEqual({ a: "7", b: [1] });
    expect((await run("rpc('web3_sha3', '0x')")).out).toMatch(/^0xc5d2/);
    expect(await run("eth.fly()")).toMatchObject({ code: 1, err: expect.stringContaining("[SCRIPT_FAILED]") });
    expect(await run("((")).toMatchObject({ code: 1, err: expect.stringContaining("SyntaxError") });
    expect(await run("eth.getBalance()")).toMatchObject({ code: 1, err: expect.stringContaining("[-32602]") });
  });

  it("goes on after a line that fails, and keeps what lines before have set", async () => {
    const lines = [
      "let chain = await eth.chainId()",
      "eth.getBalance()",
      "throw new Error('mine')",
      "eth.fly()",
      "({",
      "a: chain })",
      "snail.getBlockByNumber(0, false).then((block) => block.number)",
    ];
    const child = spawn(process.execPath, [FESTINA, "attach", "--rpc", dev.url]);
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString("utf8");
    });
    child.stdin.end(lines.join("\n"));
    expect(await new Promise((ended) => child.once("close", ended))).toBe(0);
    expect(out).toContain("Uncaught address: expected 0x and 40 hex digits [-32602]\n");
    for (const part of ["Error: mine", "eth.fly is not a function", "{ a: '0x7a69' }", "'0x0'"])
      expect(out).toContain(part);
  });

  it("completes the methods that the node has, and has the usual ones where it cannot say", async () => {
    const client = createRpcClient(dev.url);
    const world = createContext({ ...(await createConsole(client)) });
    const run = (code: string): unknown => new Script(code).runInContext(world);
    expect(run("Object.keys(snail).includes('getBlockByNumber')")).toBe(true);
    expect(run("Object.keys(ots).length > 5 && Object.keys(anvil).includes('setBalance')")).toBe(true);
    expect(run("typeof eth.fly")).toBe("undefined");

    const other = createContext({ ...(await createConsole(discovering(client, () => null))) });
    expect(await new Script("eth.chainId()").runInContext(other)).toBe("0x7a69");
    expect(await new Script("Promise.resolve(eth).then((it) => it.blockNumber())").runInContext(other)).toMatch(/^0x/);
  });

  it("takes from what a node of another make says of itself what it can use", async () => {
    const methods = [
      null,
      7,
      {},
      { $ref: "#/x" },
      { name: 5 },
      { name: "_x" },
      { name: "eth_" },
      { name: "eth_chainId" },
    ];
    const client = createRpcClient(dev.url);
    const world = await createConsole(
      discovering(client, () => ({ methods: [...methods, { name: "constructor_keys" }] })),
    );
    expect(Object.keys(world)).toEqual(["eth", "constructor", "rpc"]);
    expect(Object.keys(world["eth"] as object)).toEqual(["chainId"]);
    // Nothing that a node says changes this process.
    expect(Object.keys({ one: 1 })).toEqual(["one"]);
    for (const document of ["text", 7, [], {}, { methods: 5 }])
      expect(Object.keys(await createConsole(discovering(client, () => document)))).toContain("txpool");
  });
});
