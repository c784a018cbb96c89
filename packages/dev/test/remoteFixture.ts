// A remote chain that fails as it is told.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Answers a request itself, or leaves it to the chain behind by `false`. */
export type Misbehaviour = (body: RpcRequest | readonly RpcRequest[], response: ServerResponse) => boolean;
export const BEHAVES: Misbehaviour = () => false;

export interface FaultyRemote {
  readonly url: string;
  misbehaves: Misbehaviour;
  /** Of every request that came, batches one by one. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** In front of a chain that answers as it should. */
export async function startFaultyRemote(behind: string, port = 0): Promise<FaultyRemote> {
  const asked: string[] = [];
  const remote = { misbehaves: BEHAVES };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString("utf8");
    const parsed = JSON.parse(body) as RpcRequest | readonly RpcRequest[];
    for (const { method } of [parsed].flat()) asked.push(method);
    if (remote.misbehaves(parsed, response)) return;
    const answer = await fetch(behind, { method: "POST", headers: { "content-type": "application/json" }, body });
    response.end(await answer.text());
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const { port: taken } = server.address() as AddressInfo;
  return Object.assign(remote, {
    asked,
    url: `http://127.0.0.1:${taken}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((done) => server.close(() => done()));
    },
  });
}

/** An answer by the same rule to everything that is asked, alone or in a batch. */
export const answering =
  (toAnswer: (request: RpcRequest) => object): Misbehaviour =>
  (body, response) => {
    const answerOf = (one: RpcRequest): object => ({ jsonrpc: "2.0", id: one.id, ...toAnswer(one) });
    response.end(JSON.stringify(Array.isArray(body) ? body.map(answerOf) : answerOf(body as RpcRequest)));
    return true;
  };

export const withStatus =
  (status: number): Misbehaviour =>
  (_body, response) => {
    response.writeHead(status).end("{}");
    return true;
  };

export const saying =
  (text: string): Misbehaviour =>
  (_body, response) => {
    response.end(text);
    return true;
  };
