import type { JSX } from "preact";
import { formatCount } from "../format/formatNumber.ts";
import { routeTo, type View } from "../route/route.ts";

function Step(props: { readonly name: string; readonly href: string | null }): JSX.Element {
  const { name, href } = props;
  if (href !== null)
    return (
      <a class="step" href={href}>
        {name}
      </a>
    );
  return <span class="step quiet">{name}</span>;
}

/**
 * Moves through the list of a view whose newest number is `head` and which shows `size` from `from` downwards. Each
 * page has an address of its own, so that it can be kept, and left by the browser's way back.
 */
export function Pager(props: {
  readonly view: View;
  readonly head: number;
  readonly from: number;
  readonly size: number;
}): JSX.Element {
  const { view, head, from, size } = props;
  const newer = from + size >= head ? routeTo(view) : routeTo(view, from + size);
  return (
    <nav class="pager" aria-label="Pages">
      <Step name="Newest" href={from >= head ? null : routeTo(view)} />
      <Step name="Newer" href={from >= head ? null : newer} />
      <Step name="Older" href={from < size ? null : routeTo(view, from - size)} />
      <Step name="Oldest" href={from < size ? null : routeTo(view, size - 1)} />
      <span class="quiet">
        {formatCount(Math.max(0, from - size + 1))} to {formatCount(from)} of {formatCount(head)}
      </span>
    </nav>
  );
}

/** The number that a page begins with, of the subject in its address; `null` for the newest page. */
export function pageFrom(subject: string): number | null {
  return /^\d{1,15}$/.test(subject) ? Number(subject) : null;
}
