// Calls to the node over HTTP. Calls of one moment travel as one batch.

/** One call; rejects with RpcFailure. */
export type Call = <T = unknown>(method: string, params?: readonly unknown[]) => Promise<T>;

/** The node said no, or could not be reached (code 0). */
export class RpcFailure extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** What went wrong, in words: of a node, of a wallet (which throws objects that are no errors), or of the page. */
export function failureText(error: unknown): string {
  const { code, message } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly code?: unknown;
    readonly message?: unknown;
  };
  if (typeof message !== "string") return String(error);
  return typeof code === "number" && code !== 0 ? `${message} (${code})` : message;
}

/** Sends a body and answers with the text that comes back. @throws when there is no answer */
export type Post = (body: string) => Promise<string>;

const BATCH_MAX = 50;
const WAITING_MAX = 1_000;

interface Waiting {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

function settle(waiting: Waiting, answer: Answer | undefined): void {
  if (answer === undefined) return waiting.reject(new RpcFailure(0, "the node did not answer this call"));
  const { error } = answer;
  if (error === undefined || error === null) return waiting.resolve(answer.result);
  const code = typeof error.code === "number" ? error.code : 0;
  waiting.reject(new RpcFailure(code, String(error.message ?? "refused"), error.data));
}

async function sendBatch(batch: readonly Waiting[], post: Post): Promise<void> {
  const calls = batch.map(({ id, method, params }) => ({ jsonrpc: "2.0", id, method, params }));
  try {
    const parsed: unknown = JSON.parse(await post(JSON.stringify(calls.length === 1 ? calls[0] : calls)));
    const answers = (Array.isArray(parsed) ? parsed : [parsed]) as readonly Answer[];
    const byId = new Map(answers.map((answer) => [answer?.id, answer]));
    const only = batch.length === 1 ? answers[0] : undefined;
    for (const waiting of batch) settle(waiting, byId.get(waiting.id) ?? only);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    for (const { reject } of batch) reject(new RpcFailure(0, `the node cannot be reached: ${reason}`));
  }
}

/** Calls made before the next turn of the event loop share a request, up to 50 in each. */
export function createCaller(post: Post): Call {
  let serial = 0;
  let waiting: Waiting[] = [];

  function flush(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += BATCH_MAX) void sendBatch(all.slice(from, from + BATCH_MAX), post);
  }

  return <T>(method: string, params: readonly unknown[] = []): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length >= WAITING_MAX) return reject(new RpcFailure(0, "too many calls at once"));
      if (waiting.length === 0) Promise.resolve().then(flush, reject);
      waiting.push({ id: ++serial, method, params, resolve: (result) => resolve(result as T), reject });
    });
}
