import { BoundedQueue } from "@festina/primitives";
import type { Method } from "./dispatch.ts";
import { RPC_CODE, RpcError } from "./rpcError.ts";

export interface ExecutionLaneOptions {
  /** Each run has a machine with memory of its own. */
  readonly runningMax: number;
  readonly waitingMax: number;
}

/**
 * Methods that run contracts, a few at a time and in order: a run rests between its slices, so that many could be under
 * way at once, and each would hold memory and slow down blocks.
 */
export class ExecutionLane {
  readonly #runningMax: number;
  readonly #waiting: BoundedQueue<() => void>;
  #running = 0;

  constructor({ runningMax, waitingMax }: ExecutionLaneOptions) {
    this.#runningMax = runningMax;
    this.#waiting = new BoundedQueue(waitingMax);
  }

  /** The method with its turn awaited. @throws RpcError -32005 when too many wait already */
  around(method: Method): Method {
    return async (params, caller) => {
      await this.#enter();
      try {
        return await method(params, caller);
      } finally {
        this.#leave();
      }
    };
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#runningMax) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      if (!this.#waiting.push(resolve)) throw new RpcError(RPC_CODE.limitExceeded, "too many calls are waiting");
    });
  }

  /** Whoever waits longest takes over the place. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
