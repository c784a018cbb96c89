// State that has to be fetched. A view answers at once or throws: whoever ran something on it fetches what it names, puts
// the state back to what it was, and runs it again (docs/adr/0066).

/** What a view throws instead of answering. */
export class StateElsewhereError extends Error {
  override readonly name = "StateElsewhereError";
  /** Resolves when the view can answer. Rejects with `StateUnreachableError`. */
  readonly fetch: () => Promise<void>;

  constructor(what: string, fetch: () => Promise<void>) {
    super(`${what} has to be fetched`);
    this.fetch = fetch;
  }
}

/** Whoever has the state does not give it. */
export class StateUnreachableError extends Error {
  override readonly name = "StateUnreachableError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Runs what changes nothing, or leaves everything as it was when it throws, until it needs nothing more.
 *
 * @throws StateUnreachableError, and what the task throws
 */
export async function whenFetched<T>(task: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof StateElsewhereError)) throw error;
      await error.fetch();
    }
  }
}
