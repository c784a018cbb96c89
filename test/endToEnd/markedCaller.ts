import { WebSocket } from "ws";
import { waitFor } from "./waitFor.ts";

/** What came back before the answer to the question that followed the message, or before the connection ended. */
export interface MarkedAnswers {
  readonly answers: readonly string[];
  readonly closeCode: number | null;
}

export interface MarkedCaller {
  send(message: Uint8Array, isBinary: boolean): Promise<MarkedAnswers>;
  close(): void;
}

const ANSWER_TIMEOUT_MS = 20_000;
const POLL_MS = 1;

/** A WebSocket on which each message is followed by a harmless marked question: its answer shows that the node got past. */
export async function openMarkedCaller(url: string): Promise<MarkedCaller> {
  const socket = new WebSocket(url);
  const arrived: string[] = [];
  let closeCode: number | null = null;
  let serial = 0;
  socket.on("message", (data) => arrived.push(data.toString()));
  socket.on("close", (code) => {
    closeCode = code;
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return {
    send: async (message, isBinary) => {
      const id = `marker ${++serial}`;
      socket.send(message, { binary: isBinary });
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "eth_chainId" }));
      const isPast = (): true | null => (closeCode !== null || arrived.some((text) => text.includes(id)) ? true : null);
      await waitFor("the marked answer", ANSWER_TIMEOUT_MS, isPast, POLL_MS);
      return { answers: arrived.splice(0), closeCode };
    },
    close: () => socket.close(),
  };
}
