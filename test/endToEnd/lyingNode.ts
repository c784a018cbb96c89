import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface LyingNode {
  readonly url: string;
  close(): void;
}

/** What the node says instead of `result`. */
// biome-ignore lint/suspicious/noExplicitAny: answers have the shape of their method
export type Lie = (method: string, result: any) => unknown;

/** Passes JSON-RPC on to `target` and answers with lies: a check must notice. */
export async function startLyingNode(target: string, lie: Lie): Promise<LyingNode> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const headers = { "content-type": "application/json" };
      const answer = (await (await fetch(target, { method: "POST", headers, body })).json()) as { result: unknown };
      answer.result = lie(JSON.parse(body).method, answer.result);
      response.writeHead(200, headers).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
