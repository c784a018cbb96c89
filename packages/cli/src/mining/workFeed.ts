import { type Address, type Hash32, OperationError } from "@festina/primitives";
import { connectRpcSocket, RpcAnswerError, type RpcSocket } from "@festina/rpc";

/** Work as the node sends it: quantities in hex. */
export interface FedWork {
  readonly workId: string;
  readonly sealHash: Hash32;
  readonly blockTarget: string;
  readonly fruitTarget: string;
  readonly powEngine: string;
  readonly powKey: Hash32;
  readonly number: string;
}

export interface WorkFeedOptions {
  readonly url: string;
  readonly payout: Address;
  readonly supports: Address;
  /** Each new work, at once; `null` when nothing is to be searched: the node has none, or is gone. */
  readonly onWork: (work: FedWork | null) => void;
  readonly onUp: (node: RpcSocket) => Promise<void>;
  /** The connection is lost, or there was none; the next try comes after `retryMs`. */
  readonly onDown: (reason: string, retryMs: number) => void;
}

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 10_000;

/** Keeps a subscription for work with a node, through restarts of the node. */
export class WorkFeed {
  readonly #options: WorkFeedOptions;
  #node: RpcSocket | null = null;
  #isStopped = false;
  #wake: () => void = () => undefined;

  constructor(options: WorkFeedOptions) {
    this.#options = options;
  }

  /** The node, while there is one. */
  get node(): RpcSocket | null {
    return this.#node;
  }

  /**
   * Resolves after `stop`. @throws OperationError when the first connection fails, RpcAnswerError when the node refuses
   * to work for these addresses: trying again would not help
   */
  async run(): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    for (let isFirst = true; !this.#isStopped; isFirst = false) {
      let reason = "the node has closed the connection";
      try {
        await this.#follow();
        retryMs = RETRY_MS_MIN;
      } catch (error) {
        if (isFirst || error instanceof RpcAnswerError) throw error;
        if (!(error instanceof OperationError)) throw error;
        reason = error.message;
      }
      if (this.#isStopped) return;
      this.#options.onDown(reason, retryMs);
      await this.#rest(retryMs);
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#node?.close();
    this.#wake();
  }

  async #follow(): Promise<void> {
    const { url, payout, supports, onWork, onUp } = this.#options;
    const node = await connectRpcSocket(url);
    if (this.#isStopped) return node.close();
    this.#node = node;
    try {
      await onUp(node);
      await node.subscribe("snail", ["work", payout, supports], (work) => onWork(work as FedWork | null));
      await node.ended;
    } finally {
      this.#node = null;
      node.close();
      onWork(null);
    }
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
