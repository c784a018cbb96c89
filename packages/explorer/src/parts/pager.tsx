import type { JSX } from "preact";

/** Moves through a list whose newest number is `head` and which shows `size` from `from` downwards. */
export function Pager(props: {
  readonly head: number;
  readonly from: number;
  readonly size: number;
  readonly onMove: (from: number | null) => void;
}): JSX.Element {
  const { head, from, size, onMove } = props;
  return (
    <p class="pager">
      <button type="button" disabled={from >= head} onClick={() => onMove(from + size >= head ? null : from + size)}>
        Newer
      </button>{" "}
      <button type="button" disabled={from - size < 0} onClick={() => onMove(from - size)}>
        Older
      </button>
    </p>
  );
}
