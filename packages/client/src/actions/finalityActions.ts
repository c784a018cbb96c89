// How final blocks are. What a node shows is committed already, so that nobody need wait for that; waiting is for the anchor.
import { type Block, type Client, formatBlock, type Hash, type RpcBlock } from "viem";
import { waitForTransactionReceipt } from "viem/actions";
import { type Finality, finality } from "../answer/nodeShapes.ts";
import { anything, nullable } from "../answer/shape.ts";
import { AnchorTimeoutError } from "./anchorTimeoutError.ts";
import { ask, type BlockReference, blockParameter } from "./ask.ts";

/** Some snail blocks on most networks. */
const ANCHOR_TIMEOUT_MS = 600_000;

export type WaitForAnchorParameters = {
  /** Milliseconds; the client's own where it is not given. */
  readonly pollingInterval?: number;
  /** Milliseconds, ten minutes where it is not given; 0: for ever. */
  readonly timeout?: number;
} & (
  | { readonly hash: Hash; readonly blockNumber?: undefined }
  | { readonly blockNumber: bigint; readonly hash?: undefined }
);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function finalityActions(client: Client) {
  const getFinality = (block: BlockReference = {}): Promise<Finality | null> =>
    ask(client, "festina_finality", [blockParameter(block)], nullable(finality));

  return {
    /** Committed, or anchored as well; `null` for a block that is not there yet. */
    getFinality,

    /** The newest block that the snail chain has buried, with the hashes of its transactions. */
    getAnchoredBlock: async (): Promise<Block> =>
      formatBlock((await ask(client, "eth_getBlockByNumber", ["anchored", false], anything)) as RpcBlock),

    /**
     * Waits until the block of a transaction, or a block, is anchored.
     *
     * @throws AnchorTimeoutError; and what viem throws while it waits for the transaction's receipt
     */
    waitForAnchor: async (parameters: WaitForAnchorParameters): Promise<Finality> => {
      const { hash, pollingInterval = client.pollingInterval, timeout = ANCHOR_TIMEOUT_MS } = parameters;
      const endMs = timeout === 0 ? Number.POSITIVE_INFINITY : Date.now() + timeout;
      const blockNumber =
        hash === undefined
          ? parameters.blockNumber
          : (await waitForTransactionReceipt(client, { hash, pollingInterval, timeout })).blockNumber;
      for (;;) {
        const found = await getFinality({ blockNumber });
        if (found?.grade === "anchored") return found;
        if (Date.now() + pollingInterval > endMs) throw new AnchorTimeoutError(blockNumber, timeout);
        await pause(pollingInterval);
      }
    },
  };
}
