// New heads of one node by subscription: the node announces a block when it is final.

import { hexToBytes } from "@festina/primitives";
import { decodeExtraData } from "@festina/types";
import WebSocket from "ws";

export class HeadWatch {
  #socket;
  #listeners = new Set();

  /** Resolves when the subscription stands. */
  async open(url) {
    const socket = new WebSocket(url.replace("http", "ws"));
    this.#socket = socket;
    await /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        socket.once("error", reject);
        socket.once("open", () =>
          socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] })),
        );
        socket.on("message", (data) => {
          const message = JSON.parse(data.toString());
          if (message.id === 1) resolve(undefined);
          else if (message.method === "eth_subscription") this.#onHead(message.params.result);
        });
      })
    );
  }

  #onHead(header) {
    const extra = decodeExtraData(hexToBytes(header.extraData));
    const head = {
      atMs: performance.now(),
      number: Number(header.number),
      gasUsed: Number(header.gasUsed),
      view: extra.ok ? extra.value.view : 0,
    };
    for (const listener of this.#listeners) listener(head);
  }

  /** The next block with a transaction in it, with whether a view was skipped since the block before it. */
  nextWithTransaction(timeoutMs) {
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timeout);
        this.#listeners.delete(listener);
        settle(value);
      };
      const timeout = setTimeout(() => finish(reject, new Error(`no block in ${timeoutMs} ms`)), timeoutMs);
      const listener = (head) => head.gasUsed > 0 && finish(resolve, head);
      this.#listeners.add(listener);
    });
  }

  /** Calls back for each head; the answer ends it. */
  onHead(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close() {
    this.#socket.close();
  }
}
