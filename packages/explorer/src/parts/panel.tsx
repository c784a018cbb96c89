import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { Reading } from "../page/context.ts";

/** A part of a view under a heading of its own. */
export function Panel(props: {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly isWide?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <section class={props.isWide === true ? "panel wide" : "panel"} aria-labelledby={id}>
      <header class="panelHead">
        <h2 id={id}>{props.title}</h2>
        {props.aside === undefined ? null : <div class="aside">{props.aside}</div>}
      </header>
      {props.children}
    </section>
  );
}

/** What is read, once it is there; until then, or when it is not to be had, a sentence. */
export function Read<T>(props: {
  readonly reading: Reading<T>;
  readonly children: (value: T) => ComponentChildren;
}): JSX.Element {
  const { reading } = props;
  if (reading.kind === "waiting") return <p class="quiet">Reading …</p>;
  if (reading.kind === "failed") return <p role="alert">{reading.message}</p>;
  return <>{props.children(reading.value)}</>;
}
