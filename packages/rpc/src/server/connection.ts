// A connection that stays open, whatever carries it: requests come in as texts, answers and what was subscribed to go out.
import type { Caller } from "../jsonRpc/dispatch.ts";

/** A client that does not read what it asked for is cut off before it fills our memory. */
const BUFFERED_BYTES_MAX = 16 * 1024 * 1024;
/** Requests of one connection that wait for their turn, and their bytes in bodies of the largest size. */
const WAITING_MAX = 1_000;
const WAITING_BODIES_MAX = 4;

export type Answer = (text: string, caller: Caller) => Promise<string | null>;

/** What carries a connection. */
export interface Carrier {
  isOpen(): boolean;
  /** What was sent and has not left yet. */
  bufferedBytes(): number;
  send(text: string): void;
  /** Tells the other side why, where it can be told. */
  close(reason: string): void;
  /** At once. */
  terminate(): void;
}

/** One connection: its requests are answered one after the other, in their order. */
export class Connection {
  readonly #carrier: Carrier;
  readonly #answer: Answer;
  readonly #waitingBytesMax: number;
  readonly #caller: Caller;
  readonly #closers: (() => void)[] = [];
  readonly #waiting: string[] = [];
  #afterAnswer: (() => void)[] = [];
  #waitingBytes = 0;
  #isBusy = false;
  #isClosed = false;

  constructor(carrier: Carrier, bodyBytesMax: number, answer: Answer) {
    this.#carrier = carrier;
    this.#answer = answer;
    this.#waitingBytesMax = WAITING_BODIES_MAX * bodyBytesMax;
    this.#caller = {
      notify: (subscription, result, namespace) => {
        const method = `${namespace}_subscription`;
        this.#send(JSON.stringify({ jsonrpc: "2.0", method, params: { subscription, result } }));
      },
      onClose: (listener) => this.#closers.push(listener),
      isClosed: () => this.#isClosed,
      afterAnswer: (listener) => this.#afterAnswer.push(listener),
    };
  }

  /** To be called with each request. */
  onText(text: string): void {
    if (this.#isClosed || !this.#carrier.isOpen()) return;
    if (this.#waiting.length >= WAITING_MAX || this.#waitingBytes + text.length > this.#waitingBytesMax) {
      this.#carrier.close("too many waiting requests");
      return;
    }
    this.#waiting.push(text);
    this.#waitingBytes += text.length;
    // The dispatcher answers every failure of a method; what still fails here ends this connection, not the node.
    if (!this.#isBusy) this.#drain().catch(() => this.#carrier.terminate());
  }

  /** To be called once it is closed, by whichever side. */
  onClose(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    for (const close of this.#closers) close();
  }

  #send(text: string): void {
    if (!this.#carrier.isOpen()) return;
    if (this.#carrier.bufferedBytes() > BUFFERED_BYTES_MAX) this.#carrier.terminate();
    else this.#carrier.send(text);
  }

  async #drain(): Promise<void> {
    this.#isBusy = true;
    for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
      this.#waitingBytes -= text.length;
      const answered = await this.#answer(text, this.#caller);
      if (answered !== null) this.#send(answered);
      const listeners = this.#afterAnswer;
      this.#afterAnswer = [];
      for (const listener of listeners) listener();
    }
    this.#isBusy = false;
  }
}
