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

/** Under which place a view belongs. */
function placeOf(view: View): View {
  const places: Partial<Record<View, View>> = {
    block: "blocks",
    snail: "snails",
    fruit: "snails",
    validator: "committee",
  };
  return places[view] ?? view;
}

/** Without pushes (a proxy may carry none) the node is asked every second, which is nearly as good. */
function stateText(live: LiveState, isSilent: boolean): string {
  if (isSilent) return "not connected, trying again";
  return live === "live" ? "live" : live === "connecting" ? "connecting" : "live, asked every second";
}

function Search(): JSX.Element {
  const [text, setText] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    const query = readQuery(text);
    location.hash =
      query.kind === "route" ? routeTo(query.route.view, query.route.subject) : routeTo("search", text.trim());
    setText("");
  };
  return (
    <search>
      <form onSubmit={submit}>
        <label class="visuallyHidden" for="searchText">
          Search for a block number, a hash, an address or a token
        </label>
        <input
          id="searchText"
          type="search"
          value={text}
          maxLength={100}
          autocomplete="off"
          spellcheck={false}
          placeholder="Block, hash, address, token, snail 7"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">Search</button>
      </form>
    </search>
  );
}

export function Header({ route }: { readonly route: Route }): JSX.Element {
  const { live, overview, silentSinceMs } = useFeed();
  const isSilent = silentSinceMs !== null;
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
              <a href={routeTo(view)} aria-current={placeOf(route.view) === view ? "page" : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Search />
      <p class="connection" role="status">
        <span class={`dot ${isSilent ? "waiting" : live}`} aria-hidden="true" /> {stateText(live, isSilent)}
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
