import { beforeEach, describe, expect, it } from "@jest/globals";
import { backoffMs, LiveConnection, type LiveState, type Socket } from "../../src/data/liveConnection.ts";

class FakeSocket implements Socket {
  sent: { id: number; method: string; params: unknown[] }[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
    this.onclose?.();
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

let sockets: FakeSocket[];
let timers: { delayMs: number; run: () => void; isCancelled: boolean }[];
let states: LiveState[];
let heard: unknown[];
let connection: LiveConnection;

beforeEach(() => {
  [sockets, timers, states, heard] = [[], [], [], []];
  const world = {
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    setTimer: (delayMs: number, run: () => void) => {
      const timer = { delayMs, run, isCancelled: false };
      timers.push(timer);
      return () => {
        timer.isCancelled = true;
      };
    },
  };
  const topics = ["newHeads", "snailBlocks"].map((name) => ({
    name,
    onResult: (result: unknown) => heard.push([name, result]),
  }));
  connection = new LiveConnection(world, topics, (state) => states.push(state));
  connection.open();
});

function subscribe(socket: FakeSocket): void {
  socket.onopen?.();
  socket.say({ id: 1, result: "0xa" });
  socket.say({ id: 2, result: "0xb" });
}

describe("the live connection", () => {
  it("subscribes, and hands on what comes by topic", () => {
    const [socket] = sockets as [FakeSocket];
    subscribe(socket);
    expect(socket.sent.map(({ method, params }) => [method, params])).toEqual([
      ["eth_subscribe", ["newHeads"]],
      ["eth_subscribe", ["snailBlocks"]],
    ]);
    socket.say({ method: "eth_subscription", params: { subscription: "0xb", result: 7 } });
    socket.say({ method: "eth_subscription", params: { subscription: "0xc", result: 8 } });
    expect(heard).toEqual([["snailBlocks", 7]]);
    expect(states).toEqual(["connecting", "live"]);
  });

  it("comes back after an end, later each time, and at once sooner after it was live", () => {
    for (let index = 0; index < 8; index++) {
      sockets.at(-1)?.onclose?.();
      timers.at(-1)?.run();
    }
    expect(timers.map(({ delayMs }) => delayMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    subscribe(sockets.at(-1) as FakeSocket);
    sockets.at(-1)?.onclose?.();
    expect(timers.at(-1)?.delayMs).toBe(500);
    expect(states.at(-1)).toBe("waiting");
    expect(backoffMs(1e9)).toBe(15_000);
  });

  it("survives what is no message", () => {
    const [socket] = sockets as [FakeSocket];
    for (const data of ["", "{", "null", "[]", "7", '{"id":99,"result":"0x1"}', '{"params":null}', new Uint8Array(3)])
      socket.onmessage?.({ data });
    expect(heard).toEqual([]);
  });

  it("stays closed once closed", () => {
    sockets[0]?.onclose?.();
    connection.close();
    expect(timers[0]?.isCancelled).toBe(true);
    connection.open();
    expect(sockets).toHaveLength(1);
  });
});
