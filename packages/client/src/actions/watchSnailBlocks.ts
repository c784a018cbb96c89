import type { Client, Hash } from "viem";
import { type SnailBlock, snailBlock } from "../answer/snailShapes.ts";
import { snailActions } from "./snailActions.ts";

export interface WatchSnailBlocksParameters {
  /** Of the best chain, in order; blocks that take the place of others are told like any. */
  readonly onSnailBlock: (block: SnailBlock) => void;
  readonly onError?: (error: Error) => void;
  /** Asks again and again instead of being told; so it is done anyway where there is no WebSocket. */
  readonly poll?: boolean;
  /** Milliseconds; the client's own where it is not given. */
  readonly pollingInterval?: number;
}

/** Blocks asked for at once after a gap; of a longer one the newest are told. As many are remembered. */
const BEHIND_MAX = 64;

interface SubscribingTransport {
  readonly type: "webSocket";
  subscribe(parameters: {
    readonly params: readonly ["snailBlocks"];
    readonly onData: (data: { readonly result: unknown }) => void;
    readonly onError: (error: Error) => void;
  }): Promise<{ readonly unsubscribe: () => Promise<unknown> }>;
}

/** Tells new snail blocks until the function it answers with is called. */
export function watchSnailBlocks(client: Client, parameters: WatchSnailBlocksParameters): () => void {
  const isPolling = parameters.poll ?? client.transport.type !== "webSocket";
  return isPolling ? pollBlocks(client, parameters) : subscribe(client, parameters);
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

function subscribe(client: Client, { onSnailBlock, onError }: WatchSnailBlocksParameters): () => void {
  let isOver = false;
  let end = (): void => undefined;
  const fail = (error: unknown): void => {
    if (!isOver) onError?.(toError(error));
  };
  const onData = ({ result }: { readonly result: unknown }): void => {
    if (isOver) return;
    try {
      onSnailBlock(snailBlock(result, "eth_subscription"));
    } catch (error) {
      fail(error);
    }
  };
  const transport = client.transport as unknown as SubscribingTransport;
  transport.subscribe({ params: ["snailBlocks"], onData, onError: fail }).then(({ unsubscribe }) => {
    end = () => void unsubscribe().catch(() => undefined);
    if (isOver) end();
  }, fail);
  return () => {
    isOver = true;
    end();
  };
}

/** The best chain as far as it was told: what comes on another branch takes the place of what it leaves. */
class ToldChain {
  /** By height, ascending. */
  readonly #hashes = new Map<bigint, Hash>();

  /** Where telling begins: neither this block nor any before it is news. */
  begin({ number, hash, parentHash }: SnailBlock): void {
    if (number > 0n) this.#hashes.set(number - 1n, parentHash);
    this.#hashes.set(number, hash);
  }

  get isEmpty(): boolean {
    return this.#hashes.size === 0;
  }

  isNews({ number, hash }: SnailBlock): boolean {
    const [lowest = 0n] = this.#hashes.keys();
    return number >= lowest && this.#hashes.get(number) !== hash;
  }

  add({ number, hash }: SnailBlock): void {
    for (const height of [...this.#hashes.keys()]) if (height >= number) this.#hashes.delete(height);
    this.#hashes.set(number, hash);
    const [lowest] = this.#hashes.keys();
    if (this.#hashes.size > BEHIND_MAX && lowest !== undefined) this.#hashes.delete(lowest);
  }
}

function pollBlocks(client: Client, parameters: WatchSnailBlocksParameters): () => void {
  const { onSnailBlock, onError, pollingInterval = client.pollingInterval } = parameters;
  const { getSnailBlock } = snailActions(client);
  const told = new ToldChain();
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** From the head down to what is told already. */
  const readNews = async (head: SnailBlock): Promise<readonly SnailBlock[]> => {
    const news: SnailBlock[] = [];
    for (let block: SnailBlock | null = head; block !== null && told.isNews(block) && news.length < BEHIND_MAX; ) {
      news.push(block);
      block = await getSnailBlock({ blockHash: block.parentHash });
    }
    return news;
  };
  const look = async (): Promise<void> => {
    const head = await getSnailBlock();
    if (head === null) return;
    if (told.isEmpty) return told.begin(head);
    for (const block of (await readNews(head)).toReversed()) {
      if (isOver) return;
      told.add(block);
      onSnailBlock(block);
    }
  };
  const lookAgain = (): void => {
    look()
      .catch((error) => {
        if (!isOver) onError?.(toError(error));
      })
      .finally(() => {
        if (!isOver) timer = setTimeout(lookAgain, pollingInterval);
      });
  };
  lookAgain();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
