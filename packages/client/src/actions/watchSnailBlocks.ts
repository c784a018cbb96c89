import type { Client } from "viem";
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

/** Blocks asked for at once after a gap; of a longer one the newest are told. */
const BEHIND_MAX = 64n;

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

function pollBlocks(client: Client, parameters: WatchSnailBlocksParameters): () => void {
  const { onSnailBlock, onError, pollingInterval = client.pollingInterval } = parameters;
  const { getSnailBlockNumber, getSnailBlock } = snailActions(client);
  let isOver = false;
  let told: bigint | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = async (): Promise<void> => {
    const head = await getSnailBlockNumber();
    const first = told === undefined ? head + 1n : told + 1n;
    told ??= head;
    for (let number = head - first < BEHIND_MAX ? first : head - BEHIND_MAX + 1n; number <= head; number++) {
      const block = await getSnailBlock({ blockNumber: number });
      if (isOver || block === null) return;
      told = number;
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
