/** Runs asynchronous tasks one after the other. What changes the chain goes through one such queue, so that nothing interleaves. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** The task's own result. A task that fails does not stop the ones behind it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Resolves when everything queued so far is done. */
  async drain(): Promise<void> {
    await this.#tail;
  }
}
