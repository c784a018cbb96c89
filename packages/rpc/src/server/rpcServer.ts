import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, OperationError } from "@festina/primitives";
import { type Caller, dispatch, type MethodTable, type OnCall } from "../jsonRpc/dispatch.ts";
import { RPC_CODE } from "../jsonRpc/rpcError.ts";
import type { BeforeMethod } from "../light/lightGate.ts";
import { FilterRegistry } from "../namespaces/filters.ts";
import { createMethodTable } from "../namespaces/methodTable.ts";
import type { RpcBackend } from "../ports.ts";
import { grantHeaders, isOriginGranted, isPreflight, originRefusal, preflightHeaders } from "./crossOrigin.ts";
import { isHostAllowed, isUnaskedCrossPost } from "./hostCheck.ts";
import { createIpcServer, type IpcServer } from "./ipcServer.ts";
import { DEFAULT_RPC_LIMITS, type RpcLimits } from "./limits.ts";
import type { Page } from "./page.ts";
import { attachWebSocket, refuseSocket } from "./webSocket.ts";

export interface RpcServerOptions {
  /** Loopback unless told otherwise. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Host header names accepted besides the loopback ones. */
  readonly hosts?: readonly string[];
  /** Origins whose pages may ask and read answers in a browser, as `parseOrigin` gives them; none where absent. */
  readonly origins?: readonly string[];
  /** Called once for each origin whose pages were refused, for the first of them. */
  readonly onOriginRefused?: (origin: string) => void;
  /** File of a socket for programs of the same user; none where absent. */
  readonly ipcPath?: string | undefined;
  readonly limits?: RpcLimits;
  /** For the age of filters. */
  readonly clock: Clock;
  /** Called for failures of our own behind a method; the client sees "internal error". */
  readonly onMethodError?: (method: string, error: unknown) => void;
  /** Called after each call, with what the client is told when it failed. */
  readonly onCall?: OnCall;
  /** Of a node that must fetch first what a method reads. */
  readonly before?: BeforeMethod | undefined;
  /** For browsers that come to this address. */
  readonly page?: Page | undefined;
}

export interface RpcServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const HTTP_CALLER: Caller = {};
/** Anybody can invent origins; whoever reads a log needs the first ones. */
const REFUSED_TOLD_MAX = 64;

function reply(response: ServerResponse, status: number, body: string, type = "application/json"): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}

function errorBody(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });
}

/** `null` when the body is larger than allowed. */
function readBody(request: IncomingMessage, bytesMax: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // By hand: an iterator of the stream costs as much as a small answer.
  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bytesMax) chunks.push(chunk);
      else {
        request.pause();
        resolve(null);
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    request.once("error", reject);
    request.once("close", () => {
      if (!request.complete) reject(new Error("the request ended early"));
    });
  });
}

function listen(server: Server, options: RpcServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const busy = error.code === "EADDRINUSE";
      const message = busy
        ? `port ${options.port} is already in use; choose another with --rpc-port, or stop what listens there`
        : `cannot listen on ${options.host}:${options.port}: ${error.message}`;
      reject(new OperationError(busy ? "PORT_IN_USE" : "LISTEN_FAILED", message, error));
    });
    server.listen(options.port, options.host, () => resolve((server.address() as AddressInfo).port));
  });
}

function withBefore(methods: MethodTable, before: BeforeMethod | undefined): MethodTable {
  if (before === undefined) return methods;
  return new Map(
    [...methods].map(([name, method]) => [
      name,
      async (params, caller) => {
        await before(name, params);
        return method(params, caller);
      },
    ]),
  );
}

/**
 * Serves every method over HTTP POST and WebSocket on one port, and over a socket file where one is named.
 *
 * @throws OperationError PORT_IN_USE, LISTEN_FAILED, IPC_IN_USE, IPC_FAILED
 */
export async function createRpcServer(backend: RpcBackend, options: RpcServerOptions): Promise<RpcServer> {
  const limits = options.limits ?? DEFAULT_RPC_LIMITS;
  const { hosts = [], origins = [] } = options;
  const refused = new Set<string>();
  const onOriginRefused = (origin: string): void => {
    if (refused.size >= REFUSED_TOLD_MAX || refused.has(origin)) return;
    refused.add(origin);
    options.onOriginRefused?.(origin);
  };
  const filters = new FilterRegistry(backend, () => options.clock.nowMs());
  const methods = withBefore(createMethodTable(backend, filters, options.clock), options.before);
  const onError = options.onMethodError ?? (() => undefined);
  const answer = (text: string, caller: Caller): Promise<string | null> =>
    dispatch(text, methods, caller, limits, onError, options.onCall);

  async function openIpc(): Promise<void> {
    if (options.ipcPath !== undefined) ipc = await createIpcServer(options.ipcPath, limits, answer);
  }

  function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
    const { origin = "" } = headers;
    if (isOriginGranted(origin, origins)) {
      response.writeHead(204, preflightHeaders(headers)).end();
      return;
    }
    onOriginRefused(origin);
    reply(response, 403, errorBody(RPC_CODE.invalidRequest, originRefusal(origin)));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isHostAllowed(request.headers.host, hosts)) {
      return reply(response, 403, errorBody(RPC_CODE.invalidRequest, "invalid host specified"));
    }
    const { origin } = request.headers;
    if (origins.length > 0) response.setHeaders(new Map(Object.entries(grantHeaders(origin, origins))));
    if (isPreflight(request.method, request.headers)) return answerPreflight(request, response);
    if (request.method === "GET") {
      const found = options.page?.answer(request.url ?? "/", request.headers);
      if (found !== undefined) {
        response.writeHead(found.status, found.headers);
        response.end(found.body);
        return;
      }
      return reply(
        response,
        200,
        `${backend.clientVersion()}\nJSON-RPC 2.0 over HTTP POST and WebSocket at this address.\n`,
        "text/plain",
      );
    }
    if (request.method !== "POST") return reply(response, 405, errorBody(RPC_CODE.invalidRequest, "use POST"));
    if (!isOriginGranted(origin, origins) && isUnaskedCrossPost(origin, request.headers["content-type"])) {
      return reply(response, 415, errorBody(RPC_CODE.invalidRequest, "use content-type application/json"));
    }
    const body = await readBody(request, limits.bodyBytesMax);
    if (body === null) {
      response.setHeader("connection", "close");
      return reply(response, 413, errorBody(RPC_CODE.invalidRequest, `body exceeds ${limits.bodyBytesMax} bytes`));
    }
    const text = await answer(body, HTTP_CALLER);
    if (text === null) response.writeHead(204).end();
    else reply(response, 200, text);
  }

  const server = createServer((request, response) => {
    // A client that went away in the middle of its request is not our failure.
    handle(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.idleTimeoutMs;
  server.maxConnections = limits.connectionsMax;
  server.on("clientError", (_error, socket) => refuseSocket(socket, "400 Bad Request"));
  const sockets = attachWebSocket(server, { hosts, origins, onOriginRefused, limits }, answer);
  let ipc: IpcServer | null = null;
  const port = await openIpc()
    .then(() => listen(server, options))
    .catch(async (error: unknown) => {
      filters.close();
      await ipc?.close();
      throw error;
    });
  return {
    port,
    url: `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${port}`,
    close: () => {
      filters.close();
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      return Promise.all([ipc?.close(), new Promise((resolve) => server.close(resolve))]).then(() => undefined);
    },
  };
}
