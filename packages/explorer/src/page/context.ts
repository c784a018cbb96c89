// What every view can reach: the node by calls, and the feed of both chains.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { ChainFeed, FeedState } from "../data/chainFeed.ts";
import { type Call, RpcFailure } from "../data/rpcCaller.ts";

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

export function failureText(error: unknown): string {
  if (error instanceof RpcFailure) return error.code === 0 ? error.message : `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

/** Reads when the key changes; while it is read again, the old value stays. A key of another subject begins anew. */
export function useReading<T>(subject: string, version: string | number, read: (call: Call) => Promise<T>): Reading<T> {
  const { call } = usePage();
  const [state, setState] = useState<{ readonly subject: string; readonly reading: Reading<T> }>({
    subject,
    reading: { kind: "waiting" },
  });
  useEffect(() => {
    let isStale = false;
    const set = (reading: Reading<T>): void => {
      if (!isStale) setState({ subject, reading });
    };
    read(call).then(
      (value) => set({ kind: "done", value }),
      (error: unknown) => set({ kind: "failed", message: failureText(error) }),
    );
    return () => {
      isStale = true;
    };
  }, [call, subject, version]);
  return state.subject === subject ? state.reading : { kind: "waiting" };
}
