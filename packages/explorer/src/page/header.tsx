import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { LiveState } from "../data/liveConnection.ts";
import { type Route, routeTo, type View } from "../route/route.ts";
import { readQuery } from "../route/search.ts";
import { useFeed } from "./context.ts";
import { SchemeSwitch } from "./schemeSwitch.tsx";

const PLACES: readonly (readonly [View, string])[] = [
  ["overview", "Overview"],
  ["blocks", "Blocks"],
  ["snails", "Snail chain"],
  ["committee", "Committee"],
  ["miners", "Miners"],
  ["contract", "Contracts"],
];

const STATE_TEXT: Readonly<Record<LiveState, string>> = {
  connecting: "connecting",
  live: "live",
  waiting: "not connected, trying again",
};

function Search(): JSX.Element {
  const [text, setText] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    const query = readQuery(text);
    if (query.kind === "address") location.hash = routeTo("account", query.address);
    else if (query.kind === "number") location.hash = routeTo("block", query.number);
    else location.hash = routeTo("search", text.trim());
    setText("");
  };
  return (
    <search>
      <form onSubmit={submit}>
        <label class="visuallyHidden" for="searchText">
          Search for a block number, a hash or an address
        </label>
        <input
          id="searchText"
          type="search"
          value={text}
          maxLength={100}
          autocomplete="off"
          spellcheck={false}
          placeholder="Block, hash, address, snail 7"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">Search</button>
      </form>
    </search>
  );
}

export function Header({ route }: { readonly route: Route }): JSX.Element {
  const { live, overview } = useFeed();
  return (
    <header class="top">
      <button class="skip" type="button" onClick={skipToContent}>
        Skip to content
      </button>
      <a class="brand" href={routeTo("overview")}>
        Festina
      </a>
      <nav aria-label="Views">
        <ul>
          {PLACES.map(([view, name]) => (
            <li key={view}>
              <a href={routeTo(view)} aria-current={route.view === view ? "page" : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Search />
      <p class="connection" role="status">
        <span class={`dot ${live}`} aria-hidden="true" /> {STATE_TEXT[live]}
        {overview.isReady ? <span class="quiet"> · chain {overview.chainId}</span> : null}
      </p>
      <SchemeSwitch />
    </header>
  );
}

/** No link: what stands behind the # of the address is the route. */
function skipToContent(): void {
  document.getElementById("content")?.focus();
}
