import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createRpcClient } from "../../src/index.ts";
import { TOKEN } from "../../testing/fakeChain.ts";
import { type RpcFixture, startFixture } from "../../testing/rpcFixture.ts";

let fixture: RpcFixture;

beforeAll(async () => {
  fixture = await startFixture();
});

afterAll(() => fixture.close());

async function serve(body: string): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe("RPC client", () => {
  it("answers results", async () => {
    const client = createRpcClient(fixture.server.url);
    expect(client.url).toBe(fixture.server.url);
    expect(await client.call<string>("eth_chainId")).toBe("0x539");
    expect(await client.call("eth_getTransactionReceipt", [`0x${"0".repeat(64)}`])).toBeNull();
  });

  it("throws what the node refuses with, code and data", async () => {
    fixture.backend.callOutcome = { kind: "revert", output: Uint8Array.of(1), gasUsed: 1n };
    await expect(createRpcClient(fixture.server.url).call("eth_call", [{ to: TOKEN }])).rejects.toMatchObject({
      name: "RpcAnswerError",
      code: 3,
      message: "execution reverted",
      data: "0x01",
    });
  });

  it("says that there is no node when there is none", async () => {
    const { server, url } = await serve("");
    await new Promise((resolve) => server.close(resolve));
    await expect(createRpcClient(url).call("eth_chainId")).rejects.toMatchObject({
      name: "OperationError",
      code: "RPC_UNREACHABLE",
      message: expect.stringContaining(url),
    });
  });

  it("takes an error of null for none, beside a result", async () => {
    const { server, url } = await serve('{"id":1,"result":"0x5","error":null}');
    try {
      expect(await createRpcClient(url).call("eth_chainId")).toBe("0x5");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each(["", "<html></html>", "null", "5", '{"error":null}', '{"error":{"code":1}}'])(
    "takes %j for no answer",
    async (body) => {
      const { server, url } = await serve(body);
      try {
        await expect(createRpcClient(url).call("eth_chainId")).rejects.toMatchObject({ code: "RPC_UNREACHABLE" });
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  );
});
