// The cables between simulated processes: transports over the network model.
import type { Connection, DialCode, NodeId, PeerAddress, Transport } from "@festina/network";
import { assert, fail, ok, type Result } from "@festina/primitives";
import type { FaultCounts } from "../world/faultCounts.ts";
import { SimNetwork } from "../world/network.ts";
import type { Scheduler } from "../world/scheduler.ts";
import type { Dice } from "../world/streams.ts";
import { type WireEnd, WireLink, type WireParty } from "./wireLink.ts";
import { type Side, type WireMessage, wireBytes } from "./wireMessage.ts";

const DIAL_TIMEOUT_MS = 5_000;

interface Call {
  readonly party: WireParty;
  readonly resolve: (answer: Result<Connection, DialCode>) => void;
}

interface Listener {
  readonly party: WireParty;
  readonly onConnection: (connection: Connection) => void;
}

export interface SimWireOptions {
  readonly processes: number;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly counts: FaultCounts;
  /** What a process really sends when its node sends this frame: itself, others, or nothing. */
  readonly outbound: (from: number, to: number, frame: Uint8Array) => readonly Uint8Array[];
  /** Every frame that reaches a machine. */
  readonly onArrival: (from: number, to: number, frame: Uint8Array) => void;
}

export class SimWire {
  readonly network: SimNetwork<WireMessage>;
  readonly #options: SimWireOptions;
  readonly #listeners = new Map<number, Listener>();
  readonly #processes = new Map<NodeId, number>();
  readonly #calls = new Map<number, Call>();
  readonly #accepted = new Set<number>();
  /** Open ends by process. */
  readonly #ends = new Map<number, Set<WireEnd>>();
  #calling = 0;

  constructor(options: SimWireOptions) {
    this.#options = options;
    const { processes, scheduler, dice, counts } = options;
    this.network = new SimNetwork<WireMessage>({
      processes,
      scheduler,
      dice,
      counts,
      sizeOf: wireBytes,
      corrupt: (message) => (message.kind === "item" ? { ...message, garbled: true } : null),
      deliver: (to, from, message) => this.#deliver(to, from, message),
    });
  }

  createTransport(party: WireParty): Transport {
    const { process, nodeId, life } = party;
    this.#processes.set(nodeId, process);
    let isClosed = false;
    return {
      nodeId,
      listen: async (at, onConnection) => {
        this.#listeners.set(process, { party, onConnection });
        return at;
      },
      dial: (address: PeerAddress) =>
        new Promise<Result<Connection, DialCode>>((resolve) => {
          const to = this.#processes.get(address.nodeId);
          if (isClosed) resolve(fail("TRANSPORT_CLOSED", "this transport is closed"));
          else if (to === undefined) resolve(fail("UNREACHABLE", `nobody is called ${address.nodeId}`));
          else this.#call(party, to, resolve);
        }),
      close: async () => {
        isClosed = true;
        if (this.#listeners.get(process)?.party === party) this.#listeners.delete(process);
        for (const end of this.#endsOf(process)) if (end.party.life === life) end.close("STOPPING");
      },
    };
  }

  /** The process is no more; its machine still answers for it. */
  crash(process: number): void {
    this.#listeners.delete(process);
    for (const end of this.#endsOf(process)) end.reset();
    this.#ends.delete(process);
  }

  /** Puts a frame on the connection between two processes, past the sender's node. False when there is none. */
  inject(from: number, to: number, frame: Uint8Array): boolean {
    for (const end of this.#endsOf(from)) if (end.remoteProcess === to && end.inject(frame)) return true;
    return false;
  }

  #endsOf(process: number): Set<WireEnd> {
    let ends = this.#ends.get(process);
    if (ends === undefined) {
      ends = new Set();
      this.#ends.set(process, ends);
    }
    return ends;
  }

  #call(party: WireParty, to: number, resolve: Call["resolve"]): void {
    const call = this.#calling++;
    this.#calls.set(call, { party, resolve });
    this.network.send(party.process, to, { kind: "dial", call });
    party.life.setTimer(DIAL_TIMEOUT_MS, () => this.#answer(call, fail("DIAL_TIMEOUT", "no answer")));
  }

  #answer(call: number, answer: Result<Connection, DialCode>): void {
    const waiting = this.#calls.get(call);
    this.#calls.delete(call);
    if (waiting === undefined) return;
    waiting.party.life.run(() => waiting.resolve(answer));
  }

  #deliver(to: number, from: number, message: WireMessage): void {
    switch (message.kind) {
      case "dial":
        return this.#onDial(from, to, message.call);
      case "refuse":
        return this.#answer(message.call, fail("UNREACHABLE", "nobody listens"));
      case "accept":
        if (this.#calls.has(message.call)) this.#endsOf(to).add(message.link.end(0));
        return this.#answer(message.call, ok(message.link.end(0)));
      case "reset": {
        const end = message.link.end(message.side === 0 ? 1 : 0);
        return end.party.life.run(() => this.#endNow(end, "LOST"));
      }
      case "item":
        return this.#onItem(from, to, message);
    }
  }

  #endNow(end: WireEnd, code: "LOST"): void {
    this.#endsOf(end.party.process).delete(end);
    end.end(code);
  }

  #onDial(from: number, to: number, call: number): void {
    const dialler = this.#calls.get(call)?.party;
    const listener = this.#listeners.get(to);
    // A doubled dial is one dial.
    if (dialler === undefined || this.#accepted.has(call)) return;
    if (listener === undefined || listener.party.life.isDead)
      return this.network.send(to, from, { kind: "refuse", call });
    this.#accepted.add(call);
    const parties = [dialler, listener.party] as const;
    const link = new WireLink(
      {
        scheduler: this.#options.scheduler,
        transmit: (side: Side, message: WireMessage) =>
          this.network.send(parties[side].process, parties[side === 0 ? 1 : 0].process, message),
        outbound: (side: Side, frame: Uint8Array) =>
          this.#options.outbound(parties[side].process, parties[side === 0 ? 1 : 0].process, frame),
      },
      ...parties,
    );
    const end = link.end(1);
    this.#endsOf(to).add(end);
    this.network.send(to, from, { kind: "accept", call, link });
    listener.party.life.run(() => listener.onConnection(end));
  }

  #onItem(from: number, to: number, message: Extract<WireMessage, { kind: "item" }>): void {
    const { link, side, order, item, garbled } = message;
    const end = link.end(side === 0 ? 1 : 0);
    assert(end.party.process === to, "a message reaches the end it was sent to");
    if (garbled) {
      // Both sides learn of it as of any broken connection.
      end.party.life.run(() => this.#endNow(end, "LOST"));
      this.network.send(to, from, { kind: "reset", link, side: side === 0 ? 1 : 0 });
      return;
    }
    if (item.kind === "close") {
      end.arrive(order, item);
      this.#endsOf(to).delete(end);
      return;
    }
    this.#options.onArrival(from, to, item.bytes);
    end.arrive(order, item);
  }
}
