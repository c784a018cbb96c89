import { OperationError } from "@festina/primitives";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { WebSocketServer } from "ws";
import { connectRpcSocket, RpcAnswerError } from "../../src/index.ts";
import { ACCOUNTS } from "../../testing/fakeChain.ts";
import { type RpcFixture, startFixture } from "../../testing/rpcFixture.ts";

let fixture: RpcFixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.close());

describe("RPC over a socket", () => {
  it("asks, is refused, and hears every result of a subscription in order", async () => {
    const client = await connectRpcSocket(fixture.server.url);
    expect(await client.call("eth_chainId")).toBe("0x539");
    await expect(client.call("snail_submitWork", ["w9", "0x1"])).rejects.toBeInstanceOf(RpcAnswerError);
    const heard: unknown[] = [];
    await client.subscribe("snail", ["work", ACCOUNTS[0]], (work) => heard.push((work as { workId: string }).workId));
    const { backend } = fixture;
    for (const workId of ["w2", "w3"]) for (const tell of backend.workListeners) tell({ ...backend.work, workId });
    await client.call("eth_chainId");
    expect(heard).toEqual(["w1", "w2", "w3"]);
    client.close();
    await client.ended;
    await expect(client.call("eth_chainId")).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
  });

  it("tells when the node goes, also to who waits for an answer", async () => {
    const client = await connectRpcSocket(fixture.server.url);
    fixture.backend.callGate = new Promise(() => undefined);
    const waiting = client.call("eth_call", [{ to: ACCOUNTS[0] }, "latest"]);
    const refused = expect(waiting).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
    await fixture.server.close();
    await client.ended;
    await refused;
  });

  it.each(["http://127.0.0.1:1", "ftp://x", "no address"])("does not reach %s", async (url) => {
    await expect(connectRpcSocket(url)).rejects.toBeInstanceOf(OperationError);
  });

  it("leaves a server that talks nonsense, and ignores what it did not ask for", async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      for (const text of ["null", "7", "[]", '{"id":99,"result":1}', '{"params":{"subscription":"0x9"}}', "{"])
        socket.send(text);
    });
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const client = await connectRpcSocket(`ws://127.0.0.1:${port}`);
    await client.ended;
    server.close();
  });
});
