// Keeps the overview in step with the node: what is pushed says what to read, reads are gathered and bounded.
import { readNumber } from "../format/readQuantity.ts";
import type { BlockAnswer, ElectionAnswer, FruitAnswer, SnailAnswer, StatusAnswer } from "./answers.ts";
import { LiveConnection, type LiveState, type LiveWorld } from "./liveConnection.ts";
import {
  addFast,
  addSnail,
  EMPTY_OVERVIEW,
  hasBranched,
  type Overview,
  toFastRow,
  toFruitRow,
  toSnailRow,
} from "./overview.ts";
import { type Call, RpcFailure } from "./rpcCaller.ts";

export interface FeedWorld extends LiveWorld {
  /** Unix milliseconds. */
  readonly nowMs: () => number;
}

export interface FeedState {
  readonly live: LiveState;
  /** Since when calls go unanswered, Unix milliseconds; `null` while they are answered. */
  readonly silentSinceMs: number | null;
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
  #state: FeedState = { live: "connecting", silentSinceMs: null, overview: EMPTY_OVERVIEW };
  #snailMoved = true;
  /** Whether the node may have become another one: at first, after a break. */
  #isNetworkDue = true;
  /** How often the chain has left fast blocks that were shown, and how often they were forgotten for it. */
  #branchings = 0;
  #forgettings = 0;
  #isBusy = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;
  #statusDueMs = 0;

  constructor(call: Call, world: FeedWorld) {
    this.#call = call;
    this.#world = world;
    const onHead = (head: unknown): void => {
      const { number: quantity, hash, parentHash } = (head ?? {}) as Partial<BlockAnswer>;
      const number = readNumber(quantity);
      if (hash !== undefined && parentHash !== undefined)
        this.#notice(hasBranched(this.#state.overview.fast, [{ number, hash, parentHash }]));
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
        if (live === "waiting") this.#isNetworkDue = true;
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
      .then(
        () => this.#finish(null),
        (error: unknown) => this.#finish({ error }),
      )
      .catch(() => undefined);
  }

  /** What a read that failed has not brought is asked for again, but not at once. */
  #finish(failure: { readonly error: unknown } | null): void {
    const isSilent = failure !== null && !(failure.error instanceof RpcFailure && failure.error.code !== 0);
    const silentSinceMs = isSilent ? (this.#state.silentSinceMs ?? this.#world.nowMs()) : null;
    if (isSilent) this.#isNetworkDue = true;
    this.#isBusy = false;
    if (silentSinceMs !== this.#state.silentSinceMs) this.#set({ ...this.#state, silentSinceMs });
    const hasNews = this.#isForgetDue || [...this.#seenMs.keys()].some((number) => number > this.#newestFast);
    this.#wake(failure === null && (hasNews || this.#snailMoved) ? GATHER_MS : STATUS_MS);
  }

  get #isForgetDue(): boolean {
    return this.#branchings > this.#forgettings;
  }

  #notice(isBranching: boolean): void {
    if (isBranching) this.#branchings += 1;
  }

  get #newestFast(): number {
    return this.#state.overview.fast.at(-1)?.number ?? -1;
  }

  async #read(): Promise<void> {
    if (this.#isNetworkDue) await this.#readNetwork();
    const nowMs = this.#world.nowMs();
    const branchings = this.#branchings;
    let { overview } = this.#state;
    if (nowMs >= this.#statusDueMs || this.#snailMoved) {
      overview = await this.#readStatus(overview);
      this.#statusDueMs = nowMs + STATUS_MS;
    }
    overview = await this.#readFast(overview);
    if (this.#snailMoved || (overview.snail.at(-1)?.number ?? -1) !== overview.status?.snailNumber)
      overview = await this.#readSnail(overview).catch((error: unknown) => {
        this.#snailMoved = true;
        throw error;
      });
    this.#set({ ...this.#state, overview });
    // Only now: a read that failed has forgotten nothing.
    this.#forgettings = branchings;
  }

  async #readNetwork(): Promise<void> {
    const [chainId, clientVersion, first] = await Promise.all([
      this.#call<string>("eth_chainId"),
      this.#call<string>("web3_clientVersion"),
      // Not there yet on a node that began by a snapshot.
      this.#call<BlockAnswer | null>("eth_getBlockByNumber", [quantity(0), false]).catch(() => null),
    ]);
    const { overview } = this.#state;
    const genesisHash = first?.hash ?? "";
    const isOther = overview.genesisHash !== "" && genesisHash !== "" && genesisHash !== overview.genesisHash;
    const known = isOther ? { ...EMPTY_OVERVIEW, chainSerial: overview.chainSerial + 1 } : overview;
    this.#isNetworkDue = false;
    this.#set({
      ...this.#state,
      overview: {
        ...known,
        isReady: true,
        genesisHash: genesisHash || known.genesisHash,
        chainId: String(readNumber(chainId)),
        clientVersion,
      },
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
    // A head below what is shown: the chain went back, and what is shown of it may be another one.
    const isForgotten = this.#isForgetDue || head < (overview.fast.at(-1)?.number ?? -1);
    const kept = isForgotten ? [] : overview.fast;
    const newest = kept.at(-1)?.number ?? -1;
    const isFirst = overview.fast.length === 0;
    const from = kept.length === 0 ? head - FIRST_FAST + 1 : Math.max(newest + 1, head - READS_MAX + 1);
    const rows = await Promise.all(
      range(Math.max(0, from), head).map(async (number) => {
        const block = await this.#call<BlockAnswer | null>("eth_getBlockByNumber", [quantity(number), false]);
        const seenMs = this.#seenMs.get(number) ?? null;
        this.#seenMs.delete(number);
        return block === null ? [] : [toFastRow(block, isFirst ? null : seenMs)];
      }),
    );
    for (const number of this.#seenMs.keys()) if (number <= head) this.#seenMs.delete(number);
    this.#notice(hasBranched(kept, rows.flat()));
    return addFast({ ...overview, fast: kept }, rows.flat(), head);
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
