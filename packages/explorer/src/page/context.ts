// What every view can reach: the node by calls, and the feed of both chains.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { ChainFeed, FeedState } from "../data/chainFeed.ts";
import { type Call, failureText, RpcFailure } from "../data/rpcCaller.ts";

export interface PageParts {
  readonly call: Call;
  readonly feed: ChainFeed;
}

export const PageContext = createContext<PageParts | null>(null);

export function usePage(): PageParts {
  const parts = useContext(PageContext);
  if (parts === null) throw new Error("views stand inside the page");
  return parts;
}

/** The state of the feed; the view is drawn again with every change. */
export function useFeed(): FeedState {
  const { feed } = usePage();
  const [state, setState] = useState(feed.state);
  useEffect(() => {
    setState(feed.state);
    return feed.subscribe(() => setState(feed.state));
  }, [feed]);
  return state;
}

export type Reading<T> =
  | { readonly kind: "waiting" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly value: T };

const ASK_AGAIN_MS = 2_000;
const isUnanswered = (error: unknown): boolean => error instanceof RpcFailure && error.code === 0;

/**
 * Reads when the version changes; while it is read again, the old value stays. Another subject begins anew. While the
 * node does not answer, the old value stays, too, and is asked for again and again.
 */
export function useReading<T>(subject: string, version: string | number, read: (call: Call) => Promise<T>): Reading<T> {
  const { call } = usePage();
  const [state, setState] = useState<{ readonly subject: string; readonly reading: Reading<T> }>({
    subject,
    reading: { kind: "waiting" },
  });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isStale = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fail = (error: unknown): void => {
      const reading: Reading<T> = { kind: "failed", message: failureText(error) };
      const isKept = isUnanswered(error);
      setState((known) =>
        isKept && known.subject === subject && known.reading.kind === "done" ? known : { subject, reading },
      );
      if (isKept) timer = setTimeout(() => setTries((count) => count + 1), ASK_AGAIN_MS);
    };
    read(call).then(
      (value) => {
        if (!isStale) setState({ subject, reading: { kind: "done", value } });
      },
      (error: unknown) => {
        if (!isStale) fail(error);
      },
    );
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [call, subject, version, tries]);
  return state.subject === subject ? state.reading : { kind: "waiting" };
}
