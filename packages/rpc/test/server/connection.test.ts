import { describe, expect, it } from "@jest/globals";
import type { Caller } from "../../src/jsonRpc/dispatch.ts";
import { type Answer, Connection } from "../../src/server/connection.ts";

const MIB = 1024 * 1024;

/** What goes out over a connection whose other side reads as the test says. */
function connect(answer: Answer) {
  const sent: string[] = [];
  const told: string[] = [];
  const state = { buffered: 0, isOpen: true };
  const connection = new Connection(
    {
      isOpen: () => state.isOpen,
      bufferedBytes: () => state.buffered,
      send: (text) => void sent.push(text),
      close: (reason) => void told.push(reason),
      terminate: () => void told.push("terminated"),
    },
    1_000,
    answer,
  );
  return { connection, sent, told, state };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("a connection", () => {
  it("answers one request after the other, and then tells what was subscribed to", async () => {
    const begun: string[] = [];
    const { connection, sent } = connect(async (text, caller) => {
      begun.push(text);
      caller.afterAnswer?.(() => caller.notify?.("0x1", text, "eth"));
      await settled();
      return `answer to ${text}`;
    });
    connection.onText("a");
    connection.onText("b");
    expect(begun).toEqual(["a"]);
    while (sent.length < 4) await settled();
    const push = (result: string) =>
      JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: { subscription: "0x1", result } });
    expect(sent).toEqual(["answer to a", push("a"), "answer to b", push("b")]);
  });

  it("is cut off when the other side does not read what it asked for", async () => {
    const { connection, sent, told, state } = connect(async (text) => text);
    state.buffered = 16 * MIB;
    connection.onText("a");
    await settled();
    state.buffered += 1;
    connection.onText("b");
    await settled();
    expect([sent, told]).toEqual([["a"], ["terminated"]]);
  });

  it("does not take more than can wait, by count and by length", () => {
    for (const [text, count] of [
      ["x", 1_001],
      ["x".repeat(1_000), 5],
    ] as const) {
      const { connection, told } = connect(() => new Promise(() => undefined));
      // The first is under way, so it does not wait.
      for (let index = 0; index < count; index++) connection.onText(text);
      expect(told).toEqual([]);
      connection.onText(text);
      expect(told).toEqual(["too many waiting requests"]);
    }
  });

  it("begins nothing more once it is closed, and tells those who listen", async () => {
    const begun: string[] = [];
    let known: Caller = {};
    let closed = 0;
    const { connection, state } = connect(async (text, caller) => {
      begun.push(text);
      known = caller;
      caller.onClose?.(() => {
        closed += 1;
      });
      await settled();
      return null;
    });
    for (const text of ["a", "b"]) connection.onText(text);
    state.isOpen = false;
    connection.onClose();
    connection.onText("c");
    await settled();
    await settled();
    expect([begun, closed, known.isClosed?.()]).toEqual([["a"], 1, true]);
  });
});
