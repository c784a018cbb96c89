import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "@jest/globals";
import { IpcSocketProvider } from "ethers";
import { createPublicClient } from "viem";
import { ipc } from "viem/node";
import { DEFAULT_RPC_LIMITS, type RpcServerOptions } from "../../src/index.ts";
import { makeBlock } from "../../testing/fakeChain.ts";
import { type RpcFixture, startFixture } from "../../testing/rpcFixture.ts";

const home = mkdtempSync(join(tmpdir(), "festina-ipc-"));
const path = join(home, "node.ipc");
let fixture: RpcFixture | undefined;

const start = async (options: Partial<RpcServerOptions> = {}): Promise<RpcFixture> => {
  fixture = await startFixture({ ipcPath: path, ...options });
  return fixture;
};
afterEach(async () => {
  await fixture?.close();
  expect(fixture?.methodErrors ?? []).toEqual([]);
  fixture = undefined;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Everything that comes until the other side ends it. */
function allFrom(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

/** The first answer. */
async function answerTo(request: string): Promise<string> {
  const socket = connect(path);
  socket.write(request);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

describe("JSON-RPC over a socket file", () => {
  it("is for its owner alone, and gone with the server", async () => {
    const { close } = await start();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await close();
    expect(existsSync(path)).toBe(false);
  });

  it("serves viem and ethers, with subscriptions", async () => {
    const { backend } = await start();
    const viem = createPublicClient({ transport: ipc(path) });
    expect(await viem.getBlockNumber()).toBe(4n);
    const ethers = new IpcSocketProvider(path);
    expect(await ethers.getBlockNumber()).toBe(4);
    const heard = new Promise<number>((resolve) => void ethers.on("block", resolve));
    const before = backend.listeners.size;
    while (backend.listeners.size === before) await new Promise((resolve) => setTimeout(resolve, 5));
    backend.append(makeBlock(backend.records.at(-1)!, []));
    expect(await heard).toBe(5);
    await ethers.removeAllListeners();
    // It does not wait for what it has ended, and complains of being destroyed before.
    while (backend.listeners.size > before) await new Promise((resolve) => setTimeout(resolve, 5));
    await ethers.getBlockNumber();
    ethers.destroy();
    (await viem.transport.getRpcClient()).close();
  });

  it("ends what was subscribed to with the connection", async () => {
    const { backend } = await start();
    const before = backend.listeners.size;
    const socket = connect(path);
    socket.write('{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}');
    await once(socket, "data");
    expect(backend.listeners.size).toBe(before + 1);
    socket.destroy();
    while (backend.listeners.size > before) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it("answers in order, whatever stands between requests, and ends with what is none", async () => {
    await start();
    const socket = connect(path);
    const answers = allFrom(socket);
    const ask = (id: number): string => JSON.stringify({ jsonrpc: "2.0", id, method: "eth_chainId", params: [] });
    socket.write(`${ask(1)}${ask(2)}\n [${ask(3)}]`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write("GET / HTTP/1.1\r\n\r\n");
    const lines = (await answers)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, 2).map(({ id }) => id)).toEqual([1, 2]);
    expect(lines[2]).toMatchObject([{ id: 3, result: "0x539" }]);
    expect(lines[3]).toMatchObject({ id: null, error: { code: -32700 } });
  });

  it("ends a request that is too large, and one too many that wait", async () => {
    await start({ limits: { ...DEFAULT_RPC_LIMITS, bodyBytesMax: 1_000 } });
    const large = connect(path);
    large.write(`["${"x".repeat(2_000)}`);
    expect(await allFrom(large)).toContain('"code":-32600');
    const many = connect(path);
    many.write("[1]".repeat(1_500));
    expect(await allFrom(many)).toContain("too many waiting requests");
  });

  it("leaves a socket to a process that is there and too busy to answer", async () => {
    const listening =
      'require("net").createServer().listen({ path: process.argv[1], backlog: 1 }, () => console.log("there"))';
    const busy = spawn(process.execPath, ["-e", listening, path]);
    const callers: Socket[] = [];
    try {
      await once(busy.stdout, "data");
      busy.kill("SIGSTOP");
      // As many as the system lets wait, and some that it refuses.
      for (let count = 0; count < 4; count++) callers.push(connect(path).on("error", () => undefined));
      await once(callers[3] as Socket, "error");
      await expect(start()).rejects.toMatchObject({ code: "IPC_IN_USE" });
      expect(existsSync(path)).toBe(true);
    } finally {
      for (const caller of callers) caller.destroy();
      busy.kill("SIGKILL");
      await once(busy, "close");
      rmSync(path, { force: true });
    }
  });

  it("takes the place of a process that was killed, of no other, and of no file", async () => {
    const listening = 'require("net").createServer().listen(process.argv[1], () => console.log("there"))';
    const killed = spawn(process.execPath, ["-e", listening, path]);
    await once(killed.stdout, "data");
    killed.kill("SIGKILL");
    await once(killed, "close");
    expect(existsSync(path)).toBe(true);
    const { close } = await start();
    expect(await answerTo('{"jsonrpc":"2.0","id":1,"method":"net_listening"}')).toContain("true");
    await close();

    const other = createServer().listen(path);
    await new Promise((resolve) => other.once("listening", resolve));
    await expect(start()).rejects.toMatchObject({ code: "IPC_IN_USE" });
    await new Promise((resolve) => other.close(resolve));

    writeFileSync(path, "a file");
    await expect(start()).rejects.toMatchObject({ code: "IPC_FAILED", message: expect.stringContaining("no socket") });
    rmSync(path);

    await expect(start({ ipcPath: join(home, "x".repeat(120)) })).rejects.toMatchObject({ code: "IPC_FAILED" });
    await expect(start({ ipcPath: join(home, "no-folder/a.ipc") })).rejects.toMatchObject({ code: "IPC_FAILED" });
  });
});
