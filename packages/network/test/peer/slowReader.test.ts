import { describe, expect, it } from "@jest/globals";
import { DEFAULT_NETWORK_LIMITS } from "../../src/limits.ts";
import { PeerSession } from "../../src/peer/peerSession.ts";
import { Traffic } from "../../src/peer/traffic.ts";
import type { Connection } from "../../src/transport.ts";
import { encodeFrame } from "../../src/wire/frameCodec.ts";
import { encodeHandshake } from "../../src/wire/handshake.ts";
import type { RequestType } from "../../src/wire/messageType.ts";
import { handshakeOf, nodeIdOf } from "../samples.ts";
import { VirtualClock } from "../virtualClock.ts";

/** A connection that takes a frame, and no more until it is read. */
class SlowConnection implements Connection {
  readonly remoteNodeId = nodeIdOf(9);
  readonly remoteHost = "memory";
  readonly sent: Uint8Array[] = [];
  isWritable = true;
  onFrameHandler: (frame: Uint8Array) => void = () => {};
  #onDrain: () => void = () => {};

  send(frame: Uint8Array): boolean {
    this.sent.push(frame);
    // Handshakes and pings leave room for more.
    if (frame.length > 100) this.isWritable = false;
    return true;
  }

  read(): void {
    this.isWritable = true;
    this.#onDrain();
  }

  onFrame(handler: (frame: Uint8Array) => void): void {
    this.onFrameHandler = handler;
  }

  onDrain(handler: () => void): void {
    this.#onDrain = handler;
  }

  onClose(): void {}
  close(): void {}
}

function start() {
  const connection = new SlowConnection();
  const asked: { readonly type: RequestType; readonly id: bigint }[] = [];
  const session = new PeerSession({
    connection,
    direction: "inbound",
    ownHandshake: handshakeOf(),
    limits: DEFAULT_NETWORK_LIMITS,
    clock: new VirtualClock(),
    events: {
      established: () => {},
      message: () => {},
      request: (_session, type, id) => void asked.push({ type, id }),
      penalised: () => {},
      mismatched: () => {},
      closed: () => {},
    },
    traffic: new Traffic(),
  });
  session.start();
  connection.onFrameHandler(encodeFrame("handshake", null, encodeHandshake(handshakeOf())));
  const ask = (type: RequestType, id: bigint): void =>
    connection.onFrameHandler(encodeFrame(type, id, new Uint8Array(3)));
  return { connection, session, asked, ask };
}

const ANSWER = new Uint8Array(1_000);

describe("a peer that asks and does not read", () => {
  it("is made two answers, and no more until it has read them", () => {
    const { connection, session, asked, ask } = start();
    for (let id = 1n; id <= 10n; id++) ask("getFastBlocks", id);
    expect(asked.map(({ id }) => id)).toEqual([1n, 2n]);
    // The first goes out, the second waits.
    for (const id of [1n, 2n]) session.reply("fastBlocks", id, ANSWER);
    connection.read();
    expect(asked).toHaveLength(2);
    connection.read();
    expect(asked.map(({ id }) => id)).toEqual([1n, 2n, 3n, 4n]);
    // What is read at once is followed at once.
    session.reply("fastBlocks", 3n, new Uint8Array(1));
    expect(asked.at(-1)?.id).toBe(5n);
  });

  it("hears at once of what it asks beyond its places, and keeps its place in line for what is urgent", () => {
    const { connection, session, asked, ask } = start();
    for (let id = 1n; id <= 4n; id++) ask("getFastBlocks", id);
    session.reply("fastBlocks", 1n, ANSWER);
    ask("getCertificate", 6n);
    expect(asked).toHaveLength(2);
    connection.read();
    expect(asked.at(-1)).toEqual({ type: "getCertificate", id: 6n });
    session.refuse(6n, "NOT_FOUND");
    expect(asked.at(-1)).toEqual({ type: "getFastBlocks", id: 3n });
    for (let id = 7n; id <= 40n; id++) ask("getFastBlocks", id);
    expect(connection.sent.filter((frame) => frame[0] === 0x04).length).toBeGreaterThan(10);
  });
});
