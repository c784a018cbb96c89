import {
  type CloseReason,
  type Connection,
  FRAME_BYTES_MAX,
  formatPeerAddress,
  type PeerAddress,
  parsePeerAddress,
} from "@festina/network";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createNodeIdentity } from "../../src/tls/nodeKey.ts";
import { LOOPBACK, TlsNodes, until } from "./tlsNodes.ts";

let nodes: TlsNodes;
beforeEach(() => {
  nodes = new TlsNodes();
});
afterEach(() => nodes.close());

async function connect(limits = {}): Promise<{ near: Connection; far: Connection; address: PeerAddress }> {
  const { transport, at, accepted } = await nodes.listener();
  const address = { nodeId: transport.nodeId, ...at };
  const dialed = await nodes.transport({ limits }).dial(address);
  if (!dialed.ok) throw new Error(dialed.error.code);
  await until(() => accepted.length === 1, "the other end");
  return { near: dialed.value, far: accepted[0] as Connection, address };
}

describe("a TLS transport", () => {
  it("proves both ends to each other", async () => {
    const { transport, at, accepted } = await nodes.listener();
    const dialer = nodes.transport({});
    const parsed = parsePeerAddress(formatPeerAddress({ nodeId: transport.nodeId, ...at }));
    const dialed = await dialer.dial(parsed.ok ? parsed.value : (undefined as never));
    await until(() => accepted.length === 1, "the other end");
    expect(dialed).toMatchObject({ ok: true, value: { remoteNodeId: transport.nodeId, remoteHost: LOOPBACK } });
    expect(accepted[0]).toMatchObject({ remoteNodeId: dialer.nodeId, remoteHost: LOOPBACK });
  });

  it("carries frames of every size both ways, in order, those sent before anybody listens too", async () => {
    const { near, far } = await connect();
    const sizes = [0, 1, 125, 126, 65_535, 65_536, FRAME_BYTES_MAX];
    const received: Uint8Array[] = [];
    const answered: number[] = [];
    for (const [index, size] of sizes.entries()) expect(near.send(new Uint8Array(size).fill(index))).toBe(true);
    far.onFrame((frame) => {
      received.push(frame);
      far.send(Uint8Array.of(received.length));
    });
    near.onFrame((frame) => answered.push(frame[0] as number));
    await until(() => answered.length === sizes.length, "all answers");
    expect(received.map((frame) => frame.length)).toEqual(sizes);
    expect(received.every((frame, index) => frame.every((byte) => byte === index))).toBe(true);
    expect(answered).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // Decoders copy with `slice`, which on a Buffer would not copy.
    expect(Object.getPrototypeOf(received[1])).toBe(Uint8Array.prototype);
  });

  it("refuses another key at the expected address", async () => {
    const { at } = await nodes.listener();
    const dialed = await nodes.transport({}).dial({ nodeId: createNodeIdentity().nodeId, ...at });
    expect(dialed).toMatchObject({ ok: false, error: { code: "PIN_MISMATCH" } });
  });

  it("answers UNREACHABLE where nobody listens", async () => {
    const { transport, at } = await nodes.listener();
    await transport.close();
    const dialed = await nodes.transport({}).dial({ nodeId: transport.nodeId, ...at });
    expect(dialed).toMatchObject({ ok: false, error: { code: "UNREACHABLE" } });
  });

  it("tells the other end why it closes", async () => {
    const { near, far } = await connect();
    let reason: CloseReason | null = null;
    near.onClose((given) => {
      reason = given;
    });
    far.close("SPEC_MISMATCH");
    await until(() => reason !== null, "the close");
    expect(reason).toEqual({ code: "SPEC_MISMATCH", remote: true });
    expect([near.isWritable, near.send(new Uint8Array(1))]).toEqual([false, false]);
  });

  it("is not writable while much is buffered, then says so, and drops who does not stop", async () => {
    const { near, far } = await connect({ bufferedBytesSoft: 100_000, bufferedBytesHard: 20_000_000 });
    let drains = 0;
    let reason: CloseReason | null = null;
    near.onDrain(() => {
      drains += 1;
    });
    near.onClose((given) => {
      reason = given;
    });
    near.send(new Uint8Array(6_000_000));
    expect(near.isWritable).toBe(false);
    far.onFrame(() => {});
    await until(() => drains === 1, "the drain");
    expect(near.isWritable).toBe(true);
    while (near.send(new Uint8Array(6_000_000)));
    expect(reason).toEqual({ code: "SEND_STALLED", remote: false });
  });

  it("says in plain words that a port is taken", async () => {
    const { at } = await nodes.listener();
    await expect(nodes.transport({}).listen(at, () => {})).rejects.toMatchObject({ code: "PORT_IN_USE" });
  });

  it("closes at once with open connections, half-open sockets and dials under way", async () => {
    const { transport, at, accepted } = await nodes.listener({ limits: { closeTimeoutMs: 50 } });
    const silent = nodes.tcp(at);
    const mute = await silentServer();
    const dialer = nodes.transport({});
    await dialer.dial({ nodeId: transport.nodeId, ...at });
    await until(() => accepted.length === 1, "the other end");
    const pending = dialer.dial({ nodeId: transport.nodeId, ...mute.at });
    const startMs = performance.now();
    await Promise.all([transport.close(), dialer.close()]);
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(await pending).toMatchObject({ ok: false, error: { code: "TRANSPORT_CLOSED" } });
    expect(await dialer.dial({ nodeId: transport.nodeId, ...at })).toMatchObject({
      error: { code: "TRANSPORT_CLOSED" },
    });
    await until(() => silent.destroyed, "the half-open socket's end");
    await mute.close();
  });

  it("gives up a dial that gets no answer", async () => {
    const mute = await silentServer();
    const dialer = nodes.transport({ limits: { handshakeTimeoutMs: 50 } });
    const dialed = await dialer.dial({ nodeId: createNodeIdentity().nodeId, ...mute.at });
    expect(dialed).toMatchObject({ ok: false, error: { code: "DIAL_TIMEOUT" } });
    await mute.close();
  });
});

/** Accepts and says nothing. */
async function silentServer() {
  const { createServer } = await import("node:net");
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const port = (server.address() as { port: number }).port;
  return {
    at: { host: LOOPBACK, port },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
