// JSON-RPC over a socket file, for programs of the same user on the same machine.
import { lstatSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { OperationError } from "@festina/primitives";
import { RPC_CODE } from "../jsonRpc/rpcError.ts";
import { type Answer, Connection } from "./connection.ts";
import { JsonStream, type StreamFailure } from "./jsonStream.ts";
import type { RpcLimits } from "./limits.ts";

/** Nobody but its owner may even connect: the file is made with none of these rights. */
const OTHERS = 0o177;
/** Of an address of the kernel's, with the byte that ends it. */
const PATH_BYTES_MAX = 107;

const FAILURES: Readonly<Record<StreamFailure, { readonly code: number; readonly message: string }>> = {
  "too large": { code: RPC_CODE.invalidRequest, message: "the request is too large" },
  "no JSON": { code: RPC_CODE.parse, message: "parse error: a request begins with { or [" },
};

export interface IpcServer {
  readonly path: string;
  close(): Promise<void>;
}

function serve(socket: Socket, limits: RpcLimits, answer: Answer): void {
  const stream = new JsonStream(limits.bodyBytesMax);
  const end = (code: number, message: string): void => {
    // It is told why once.
    if (!socket.writable) return;
    socket.removeAllListeners("data");
    socket.write(`${JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } })}\n`);
    // Whether or not the other side ever ends it.
    socket.destroySoon();
  };
  const carrier = {
    isOpen: () => socket.writable,
    bufferedBytes: () => socket.writableLength,
    send: (text: string) => void socket.write(`${text}\n`),
    close: (reason: string) => end(RPC_CODE.limitExceeded, reason),
    terminate: () => void socket.destroy(),
  };
  const connection = new Connection(carrier, limits.bodyBytesMax, answer);
  socket.on("data", (chunk: Buffer) => {
    const { texts, failure } = stream.take(chunk);
    for (const text of texts) connection.onText(text);
    if (failure !== null) end(FAILURES[failure].code, FAILURES[failure].message);
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => connection.onClose());
}

/** What the system says of a socket that nobody listens at any more. */
const NOBODY: ReadonlySet<string | undefined> = new Set(["ECONNREFUSED", "ENOENT"]);

/** Whether somebody is there: also who is too busy for one more (EAGAIN), or lets others have it only (EACCES). */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => end(true));
    socket.once("error", ({ code }: NodeJS.ErrnoException) => end(!NOBODY.has(code)));
  });
}

/** A socket file outlives a process that was killed: it is removed where nobody answers any more. */
async function makeRoom(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new OperationError("IPC_FAILED", `${path} is there already, and is no socket`);
  if (await isAlive(path))
    throw new OperationError("IPC_IN_USE", `${path} is in use by another process; choose another with --ipc`);
  unlinkSync(path);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(new OperationError("IPC_FAILED", `cannot listen at ${path}: ${error.message}`, error));
    });
    const before = process.umask(OTHERS);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}

/** @throws OperationError IPC_IN_USE, IPC_FAILED */
export async function createIpcServer(path: string, limits: RpcLimits, answer: Answer): Promise<IpcServer> {
  if (Buffer.byteLength(path) > PATH_BYTES_MAX)
    throw new OperationError("IPC_FAILED", `a socket's path has at most ${PATH_BYTES_MAX} bytes: ${path}`);
  await makeRoom(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, limits, answer);
  });
  server.maxConnections = limits.connectionsMax;
  await listen(server, path);
  return {
    path,
    close: () => {
      for (const socket of sockets) socket.destroy();
      // Takes the file away as well.
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
