import { createNodeIdentity, createTlsTransport } from "@festina/adapters";
import {
  type CloseCode,
  type Connection,
  decodeFrame,
  encodeFrame,
  encodeHandshake,
  type Frame,
  type Handshake,
  type PeerAddress,
  type Transport,
} from "@festina/network";
import { equalBytes } from "@festina/primitives";
import { waitFor } from "./waitFor.ts";

/** How the node took a message: it still answers pings, or it ended the connection with a code. */
export type Reaction = "ALIVE" | CloseCode;

/** More messages on one connection would exceed the allowance for pings, and the rest would go unread. */
const MESSAGES_PER_IDENTITY = 60;
const ANSWER_TIMEOUT_MS = 10_000;
const POLL_MS = 2;

/**
 * A peer with a key of its own that says whatever it is told to. Once the node has had enough of it, it comes back
 * under another key.
 */
export class GarbagePeer {
  readonly #address: PeerAddress;
  readonly #handshake: Handshake;
  readonly #onFrame: (frame: Frame) => void;
  #transport: Transport | null = null;
  #connection: Connection | null = null;
  #closed: CloseCode | null = null;
  #sent = 0;
  #pings = 0;
  #pong: Uint8Array | null = null;
  #isGreeted = false;

  constructor(address: PeerAddress, handshake: Handshake, onFrame: (frame: Frame) => void = () => undefined) {
    this.#address = address;
    this.#handshake = handshake;
    this.#onFrame = onFrame;
  }

  /** Connects under a new key; sends `first` and, unless that is `null`, waits for the node's own handshake. */
  async connect(first: Uint8Array | null): Promise<Connection> {
    await this.close();
    this.#transport = createTlsTransport({ identity: createNodeIdentity() });
    this.#closed = null;
    this.#sent = 0;
    this.#isGreeted = false;
    const dialed = await this.#transport.dial(this.#address);
    if (!dialed.ok) throw new Error(`cannot reach the node: ${dialed.error.code}`);
    const connection = dialed.value;
    this.#connection = connection;
    connection.onClose(({ code }) => {
      this.#closed = code;
    });
    connection.onFrame((bytes) => this.#receive(bytes));
    if (first !== null) {
      connection.send(first);
      await waitFor("the node's handshake", ANSWER_TIMEOUT_MS, () => (this.#isGreeted ? true : this.#closed), POLL_MS);
    }
    return connection;
  }

  #receive(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    if (!frame.ok) throw new Error(`the node sent ${frame.error.code}`);
    if (frame.value.type === "handshake") this.#isGreeted = true;
    if (frame.value.type === "pong") this.#pong = frame.value.payload.slice();
    this.#onFrame(frame.value);
  }

  /** On a connection whose handshake is done; a new one where the last has ended or is used up. */
  async say(frame: Uint8Array): Promise<Reaction> {
    if (this.#connection === null || this.#closed !== null || ++this.#sent > MESSAGES_PER_IDENTITY)
      await this.connect(encodeFrame("handshake", null, encodeHandshake(this.#handshake)));
    this.#connection?.send(frame);
    return this.#react();
  }

  /** As the very first frame of a new connection. */
  async sayFirst(frame: Uint8Array): Promise<Reaction> {
    await this.connect(null);
    this.#connection?.send(frame);
    return this.#react();
  }

  /** Pings until the pong or the end; a node that is too busy for either within the time fails the test. */
  #react(): Promise<Reaction> {
    const nonce = new Uint8Array(8);
    new DataView(nonce.buffer).setUint32(4, ++this.#pings);
    this.#connection?.send(encodeFrame("ping", null, nonce));
    const read = (): Reaction | null => {
      if (this.#closed !== null) return this.#closed;
      return this.#pong !== null && equalBytes(this.#pong, nonce) ? "ALIVE" : null;
    };
    return waitFor("a pong or an end", ANSWER_TIMEOUT_MS, read, POLL_MS);
  }

  /** Without waiting for anything: answers to what the node asks. */
  answer(frame: Uint8Array): void {
    this.#connection?.send(frame);
  }

  async close(): Promise<void> {
    await this.#transport?.close();
    this.#transport = null;
    this.#connection = null;
  }
}
