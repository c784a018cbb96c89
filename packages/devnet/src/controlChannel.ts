import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { fail, OperationError, type Result } from "@festina/primitives";

/** What another terminal may ask of a running devnet. */
export interface DevnetCommand {
  readonly action: "kill" | "restart";
  /** Name of a process, such as member-2 or miner-1. */
  readonly process: string;
}

const LINE_BYTES_MAX = 4_096;
const ANSWER_TIMEOUT_MS = 15_000;

function parseCommand(text: string): DevnetCommand | null {
  try {
    const { action, process } = JSON.parse(text) as Record<string, unknown>;
    const isKnown = action === "kill" || action === "restart";
    return isKnown && typeof process === "string" ? { action, process } : null;
  } catch {
    return null;
  }
}

/** Listens on a socket file that only this user reaches: one JSON command per connection, one line back. */
export function listenForCommands(
  socketFile: string,
  handle: (command: DevnetCommand) => Promise<Result<string>>,
): Promise<Server> {
  rmSync(socketFile, { force: true }); // left behind by a supervisor that was killed; the lock file says none runs
  const server = createServer((socket) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > LINE_BYTES_MAX) socket.destroy();
      if (!text.includes("\n")) return;
      const command = parseCommand(text);
      const answer =
        command === null ? Promise.resolve(fail("COMMAND_INVALID", "not a devnet command")) : handle(command);
      answer.then((result) => socket.end(`${JSON.stringify(result)}\n`)).catch(() => socket.destroy());
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new OperationError("CONTROL_SOCKET", `cannot listen on ${socketFile}`, error)),
    );
    server.listen(socketFile, () => resolve(server));
  });
}

/** Asks the devnet that runs on this folder. */
export function sendCommand(socketFile: string, command: DevnetCommand): Promise<Result<string>> {
  return new Promise((resolve) => {
    const silent = fail("DEVNET_NOT_RUNNING", "no devnet runs on this data folder; start one with `festina devnet`");
    const socket = connect(socketFile);
    let text = "";
    socket.setEncoding("utf8");
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
    socket.on("connect", () => socket.write(`${JSON.stringify(command)}\n`));
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => resolve(silent));
    socket.on("close", () => {
      try {
        resolve(text === "" ? silent : (JSON.parse(text) as Result<string>));
      } catch {
        resolve(silent);
      }
    });
  });
}
