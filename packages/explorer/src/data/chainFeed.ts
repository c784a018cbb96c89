// Keeps the overview in step with the node: what is pushed says what to read, reads are gathered and bounded.
import { readNumber } from "../format/readQuantity.ts";
import type { BlockAnswer, ElectionAnswer, FruitAnswer, SnailAnswer, StatusAnswer } from "./answers.ts";
import { LiveConnection, type LiveState, type LiveWorld } from "./liveConnection.ts";
import { addFast, addSnail, EMPTY_OVERVIEW, type Overview, toFastRow, toFruitRow, toSnailRow } from "./overview.ts";
import type { Call } from "./rpcCaller.ts";

export interface FeedWorld extends LiveWorld {
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

export interface FeedState {
  readonly live: LiveState;
  readonly overview: Overview;
}

const FIRST_FAST = 60;
const FIRST_SNAIL = 16;
/** A flood of blocks is shown by its newest. */
const READS_MAX = 40;
const GATHER_MS = 150;
/** Without pushes the node is still asked, for a tunnel may carry HTTP and no WebSocket. */
const STATUS_MS = 1_000;
const WAITING_FRUITS = 60;

const quantity = (number: number): string => `0x${number.toString(16)}`;

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** The feed of one page: begins with `start`, tells every change to its listeners. */
export class ChainFeed {
  readonly #call: Call;
  readonly #world: FeedWorld;
  readonly #connection: LiveConnection;
  readonly #listeners = new Set<() => void>();
  readonly #seenMs = new Map<number, number>();
  #state: FeedState = { live: "connecting", overview: EMPTY_OVERVIEW };
  #snailMoved = true;
  #isBusy = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;
  #statusDueMs = 0;

  constructor(call: Call, world: FeedWorld) {
    this.#call = call;
    this.#world = world;
    const onHead = (head: unknown): void => {
      const number = readNumber((head as Partial<BlockAnswer> | null)?.number);
      this.#seenMs.set(number, world.nowMs());
      if (this.#seenMs.size > 2 * READS_MAX) this.#seenMs.delete(this.#seenMs.keys().next().value ?? 0);
      this.#wake(GATHER_MS);
    };
    const onSnail = (): void => {
      this.#snailMoved = true;
      this.#wake(GATHER_MS);
    };
    this.#connection = new LiveConnection(
      world,
      [
        { name: "newHeads", onResult: onHead },
        { name: "snailBlocks", onResult: onSnail },
      ],
      (live) => {
        if (live === "live") this.#snailMoved = true;
        this.#set({ ...this.#state, live });
      },
    );
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Answers with the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#connection.open();
    this.#wake(0);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#connection.close();
  }

  #set(state: FeedState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  /** One read at a time; what comes meanwhile is part of the next. */
  #wake(delayMs: number): void {
    if (this.#isBusy || this.#isStopped) return;
    this.#cancel();
    this.#cancel = this.#world.setTimer(delayMs, () => this.#run());
  }

  #run(): void {
    this.#isBusy = true;
    this.#read()
      .catch(() => undefined)
      .then(
        () => {
          this.#isBusy = false;
          const hasNews = [...this.#seenMs.keys()].some((number) => number > this.#newestFast);
          this.#wake(hasNews || this.#snailMoved ? GATHER_MS : STATUS_MS);
        },
        () => undefined,
      );
  }

  get #newestFast(): number {
    return this.#state.overview.fast.at(-1)?.number ?? -1;
  }

  async #read(): Promise<void> {
    if (!this.#state.overview.isReady) await this.#readNetwork();
    const nowMs = this.#world.nowMs();
    let { overview } = this.#state;
    if (nowMs >= this.#statusDueMs || this.#snailMoved) {
      overview = await this.#readStatus(overview);
      this.#statusDueMs = nowMs + STATUS_MS;
    }
    overview = await this.#readFast(overview);
    if (this.#snailMoved || (overview.snail.at(-1)?.number ?? -1) !== overview.status?.snailNumber)
      overview = await this.#readSnail(overview);
    this.#set({ ...this.#state, overview });
  }

  async #readNetwork(): Promise<void> {
    const [chainId, clientVersion] = await Promise.all([
      this.#call<string>("eth_chainId"),
      this.#call<string>("web3_clientVersion"),
    ]);
    const { overview } = this.#state;
    this.#set({
      ...this.#state,
      overview: { ...overview, isReady: true, chainId: String(readNumber(chainId)), clientVersion },
    });
  }

  async #readStatus(overview: Overview): Promise<Overview> {
    const [status, fruits, election] = await Promise.all([
      this.#call<StatusAnswer>("festina_status"),
      this.#call<readonly FruitAnswer[]>("fruit_getWaiting", [WAITING_FRUITS]).catch(() => []),
      this.#call<ElectionAnswer | null>("committee_getElection").catch(() => null),
    ]);
    return { ...overview, status, election, fruits: fruits.slice(0, WAITING_FRUITS).map(toFruitRow) };
  }

  async #readFast(overview: Overview): Promise<Overview> {
    const head = readNumber(await this.#call("eth_blockNumber"));
    const newest = overview.fast.at(-1)?.number ?? -1;
    const isFirst = overview.fast.length === 0;
    // A head below what is shown: the chain went back, and what is shown of it may be another one.
    const wentBack = head < newest;
    const from = isFirst || wentBack ? head - FIRST_FAST + 1 : Math.max(newest + 1, head - READS_MAX + 1);
    const rows = await Promise.all(
      range(Math.max(0, from), head).map(async (number) => {
        const block = await this.#call<BlockAnswer | null>("eth_getBlockByNumber", [quantity(number), false]);
        const seenMs = this.#seenMs.get(number) ?? null;
        this.#seenMs.delete(number);
        return block === null ? [] : [toFastRow(block, isFirst ? null : seenMs)];
      }),
    );
    for (const number of this.#seenMs.keys()) if (number <= head) this.#seenMs.delete(number);
    return addFast(wentBack ? { ...overview, fast: [] } : overview, rows.flat(), head);
  }

  async #readSnail(overview: Overview): Promise<Overview> {
    this.#snailMoved = false;
    const head = readNumber(await this.#call("snail_blockNumber"));
    const newest = overview.snail.at(-1)?.number ?? -1;
    // The last two again: the best chain may have another block there now.
    const from = Math.max(0, newest < 0 ? head - FIRST_SNAIL + 1 : Math.max(newest - 1, head - READS_MAX + 1));
    const rows = await Promise.all(
      range(Math.min(from, head), head).map(async (number) => {
        const block = await this.#call<SnailAnswer | null>("snail_getBlockByNumber", [quantity(number), true]);
        return block === null ? [] : [toSnailRow(block)];
      }),
    );
    return addSnail(overview, rows.flat(), head);
  }
}
