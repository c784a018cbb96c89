import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { formatAge, formatTime } from "../format/formatTime.ts";

const TICK_MS = 1_000;

/** Unix milliseconds, anew every second. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

export function Age(props: { readonly ms: number; readonly nowMs: number }): JSX.Element {
  return <time title={`${formatTime(props.ms)} UTC`}>{formatAge(props.ms, props.nowMs)}</time>;
}

/** A time as the chain has it, how long ago that was, and under the pointer the same in the reader's own zone. */
export function Moment({ ms }: { readonly ms: number }): JSX.Element {
  const nowMs = useNow();
  return (
    <time title={new Date(ms).toString()}>
      {formatTime(ms)} UTC <span class="quiet">({formatAge(ms, nowMs)})</span>
    </time>
  );
}
