import { assert, type Clock, fail, ok, type Result } from "@festina/primitives";
import type { CloseCode, CloseReason } from "./closeCode.ts";
import type { NodeId, PeerAddress } from "./nodeId.ts";
import type { Connection, DialCode, ListenAddress, Transport } from "./transport.ts";

/** Transports of one process, joined by function calls: for tests and simulations. Frames arrive in order after `latencyMs`. */
export interface MemoryHub {
  createTransport(nodeId: NodeId): Transport;
  /** From now on nothing passes between the two and open connections break; `heal` undoes the first. */
  cut(a: NodeId, b: NodeId): void;
  heal(a: NodeId, b: NodeId): void;
}

const WRITABLE_BYTES_MAX = 1024 * 1024;
const HELD_FRAMES_MAX = 4_096;

export function createMemoryHub(options: {
  readonly clock: Clock;
  readonly latencyMs: number;
  /** Where each end sees the other. */
  readonly hostOf?: (nodeId: NodeId) => string;
}): MemoryHub {
  const { clock, latencyMs, hostOf = () => "memory" } = options;
  const listeners = new Map<NodeId, (connection: Connection) => void>();
  const open = new Set<MemoryConnection>();
  const cuts = new Set<string>();
  const pair = (a: NodeId, b: NodeId): string => (a < b ? `${a} ${b}` : `${b} ${a}`);
  const afterLatency = (action: () => void): void => void clock.setTimer(latencyMs, action);

  function connect(from: NodeId, to: NodeId, accept: (connection: Connection) => void): Connection {
    const near = new MemoryConnection(to, hostOf(to), afterLatency, () => open.delete(near));
    const far = new MemoryConnection(from, hostOf(from), afterLatency, () => open.delete(far));
    near.join(far);
    far.join(near);
    open.add(near).add(far);
    accept(far);
    return near;
  }

  function createTransport(nodeId: NodeId): Transport {
    let isClosed = false;
    return {
      nodeId,
      async listen(at: ListenAddress, onConnection) {
        assert(!listeners.has(nodeId), "one listener per node");
        listeners.set(nodeId, onConnection);
        return at;
      },
      dial: (address: PeerAddress) =>
        new Promise<Result<Connection, DialCode>>((resolve) => {
          afterLatency(() => {
            const accept = listeners.get(address.nodeId);
            if (isClosed) resolve(fail("TRANSPORT_CLOSED", "this transport is closed"));
            else if (accept === undefined || cuts.has(pair(nodeId, address.nodeId))) {
              resolve(fail("UNREACHABLE", `${address.nodeId} does not listen`));
            } else resolve(ok(connect(nodeId, address.nodeId, accept)));
          });
        }),
      async close() {
        isClosed = true;
        listeners.delete(nodeId);
        for (const connection of [...open]) if (connection.other?.remoteNodeId === nodeId) connection.close("STOPPING");
      },
    };
  }

  return {
    createTransport,
    cut(a, b) {
      cuts.add(pair(a, b));
      for (const connection of [...open]) {
        const other = connection.other;
        if (other !== null && pair(connection.remoteNodeId, other.remoteNodeId) === pair(a, b)) connection.sever();
      }
    },
    heal: (a, b) => void cuts.delete(pair(a, b)),
  };
}

class MemoryConnection implements Connection {
  readonly remoteNodeId: NodeId;
  readonly remoteHost: string;
  readonly #afterLatency: (action: () => void) => void;
  readonly #forget: () => void;
  other: MemoryConnection | null = null;
  #isClosed = false;
  #unreadBytes = 0;
  #held: Uint8Array[] | null = [];
  #onFrame: (frame: Uint8Array) => void = () => {};
  #onDrain: () => void = () => {};
  #onClose: (reason: CloseReason) => void = () => {};

  constructor(
    remoteNodeId: NodeId,
    remoteHost: string,
    afterLatency: (action: () => void) => void,
    forget: () => void,
  ) {
    this.remoteNodeId = remoteNodeId;
    this.remoteHost = remoteHost;
    this.#afterLatency = afterLatency;
    this.#forget = forget;
  }

  join(other: MemoryConnection): void {
    this.other = other;
  }

  get isWritable(): boolean {
    return !this.#isClosed && this.#unreadBytes < WRITABLE_BYTES_MAX;
  }

  send(frame: Uint8Array): boolean {
    if (this.#isClosed) return false;
    this.#unreadBytes += frame.length;
    // The receiver may keep what it gets, and the sender may reuse what it sent.
    const copy = frame.slice();
    this.#afterLatency(() => {
      this.#unreadBytes -= copy.length;
      this.other?.receive(copy);
      if (this.isWritable) this.#onDrain();
    });
    return true;
  }

  receive(frame: Uint8Array): void {
    if (this.#isClosed) return;
    assert((this.#held?.length ?? 0) < HELD_FRAMES_MAX, "a connection was accepted and never read");
    if (this.#held === null) this.#onFrame(frame);
    else this.#held.push(frame);
  }

  onFrame(handler: (frame: Uint8Array) => void): void {
    this.#onFrame = handler;
    const held = this.#held ?? [];
    this.#held = null;
    for (const frame of held) if (!this.#isClosed) handler(frame);
  }

  onDrain(handler: () => void): void {
    this.#onDrain = handler;
  }

  onClose(handler: (reason: CloseReason) => void): void {
    this.#onClose = handler;
  }

  close(code: CloseCode): void {
    if (this.#isClosed) return;
    this.#end();
    this.#afterLatency(() => this.other?.end(code));
  }

  /** Breaks both ends at once, as a cut cable does; each learns nothing but that. */
  sever(): void {
    this.end("LOST");
    this.other?.end("LOST");
  }

  end(code: CloseCode): void {
    if (this.#isClosed) return;
    this.#end();
    this.#onClose({ code, remote: true });
  }

  #end(): void {
    this.#isClosed = true;
    this.#forget();
  }
}
