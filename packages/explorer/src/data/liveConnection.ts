// What the node pushes: one WebSocket with subscriptions, opened again whenever it ends.

/** As much of a browser's WebSocket as is used here. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

/** The world as the data layer sees it. */
export interface LiveWorld {
  readonly openSocket: () => Socket;
  /** Answers with the function that stops the timer. */
  readonly setTimer: (delayMs: number, run: () => void) => () => void;
}

export type LiveState = "connecting" | "live" | "waiting";

export interface Topic {
  readonly name: string;
  readonly onResult: (result: unknown) => void;
}

const BACKOFF_MS_MIN = 500;
const BACKOFF_MS_MAX = 15_000;

/** Wait before the next try, after so many tries that failed. */
export function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(failures, 10));
}

interface Message {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly params?: { readonly subscription?: unknown; readonly result?: unknown };
}

function parse(data: unknown): Message | null {
  if (typeof data !== "string") return null;
  try {
    const message: unknown = JSON.parse(data);
    return typeof message === "object" && message !== null ? (message as Message) : null;
  } catch {
    return null;
  }
}

/** Subscribes to the topics (of `eth_subscribe`) until `close`. `onState` hears of every change of the connection. */
export class LiveConnection {
  readonly #world: LiveWorld;
  readonly #topics: readonly Topic[];
  readonly #onState: (state: LiveState) => void;
  #socket: Socket | null = null;
  #cancelTimer: () => void = () => undefined;
  #failures = 0;
  #isClosed = false;

  constructor(world: LiveWorld, topics: readonly Topic[], onState: (state: LiveState) => void) {
    this.#world = world;
    this.#topics = topics;
    this.#onState = onState;
  }

  open(): void {
    if (this.#isClosed || this.#socket !== null) return;
    this.#onState("connecting");
    const socket = this.#world.openSocket();
    this.#socket = socket;
    const topicOf = new Map<string, Topic>();
    socket.onopen = () => {
      this.#topics.forEach(({ name }, index) => {
        socket.send(JSON.stringify({ jsonrpc: "2.0", id: index + 1, method: "eth_subscribe", params: [name] }));
      });
    };
    socket.onmessage = ({ data }) => {
      const message = parse(data);
      if (message === null) return;
      const asked = typeof message.id === "number" ? this.#topics[message.id - 1] : undefined;
      if (asked !== undefined && typeof message.result === "string") {
        topicOf.set(message.result, asked);
        if (topicOf.size < this.#topics.length) return;
        this.#failures = 0;
        return this.#onState("live");
      }
      const subscription = message.params?.subscription;
      if (typeof subscription === "string") topicOf.get(subscription)?.onResult(message.params?.result);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (this.#isClosed) return;
      this.#onState("waiting");
      this.#cancelTimer = this.#world.setTimer(backoffMs(this.#failures++), () => this.open());
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#socket?.close();
    this.#socket = null;
  }
}
