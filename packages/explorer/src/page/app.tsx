import type { ComponentType, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { shortHash } from "../format/formatHash.ts";
import { formatTime } from "../format/formatTime.ts";
import { parseRoute, type Route, type View } from "../route/route.ts";
import { AccountView } from "../views/accountView.tsx";
import { BlocksView } from "../views/blocksView.tsx";
import { BlockView } from "../views/blockView.tsx";
import { CommitteeView } from "../views/committeeView.tsx";
import { ContractView } from "../views/contractView.tsx";
import { FruitView } from "../views/fruitView.tsx";
import { MinersView } from "../views/minersView.tsx";
import { OverviewView } from "../views/overviewView.tsx";
import { SearchView } from "../views/searchView.tsx";
import { SnailsView } from "../views/snailsView.tsx";
import { SnailView } from "../views/snailView.tsx";
import { TokenView } from "../views/tokenView.tsx";
import { TransactionView } from "../views/transactionView.tsx";
import { ValidatorView } from "../views/validatorView.tsx";
import { useFeed } from "./context.ts";
import { Header } from "./header.tsx";

export interface ViewProps {
  readonly subject: string;
}

const VIEWS: Readonly<Record<View, ComponentType<ViewProps>>> = {
  overview: OverviewView,
  blocks: BlocksView,
  block: BlockView,
  tx: TransactionView,
  account: AccountView,
  snails: SnailsView,
  snail: SnailView,
  fruit: FruitView,
  committee: CommitteeView,
  validator: ValidatorView,
  miners: MinersView,
  contract: ContractView,
  token: TokenView,
  search: SearchView,
};

function useRoute(): Route {
  const [route, setRoute] = useState(parseRoute(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

const TITLES: Readonly<Record<View, string>> = {
  overview: "Both chains",
  blocks: "Blocks",
  block: "Block",
  tx: "Transaction",
  account: "Account",
  token: "Token",
  snails: "Snail chain",
  snail: "Snail block",
  fruit: "Fruit",
  committee: "Committee",
  validator: "Validator",
  miners: "Miners",
  contract: "Contract",
  search: "Search",
};

function title({ view, subject }: Route): string {
  return `${`${TITLES[view]} ${shortHash(subject)}`.trim()} – Festina`;
}

/** Says that what is shown is old, once a first read has had its chance. */
function Silence(): JSX.Element {
  const { silentSinceMs } = useFeed();
  return (
    <div role="status">
      {silentSinceMs === null ? null : (
        <p class="silence">
          The node has not answered since {formatTime(silentSinceMs).slice(11, 19)} UTC. What you see is from before;
          the page asks again until it does.
        </p>
      )}
    </div>
  );
}

export function App(): JSX.Element {
  const route = useRoute();
  const content = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = title(route);
    // After a link the reader goes on where the new view begins; not on arrival.
    if (isFirst.current) isFirst.current = false;
    else content.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [route]);
  const { chainSerial } = useFeed().overview;
  const Shown = VIEWS[route.view];
  return (
    <>
      <Header route={route} />
      <Silence />
      <main id="content" ref={content} tabIndex={-1}>
        <Shown key={`${chainSerial} ${route.view} ${route.subject}`} subject={route.subject} />
      </main>
      <footer>
        <p class="quiet">Everything here comes from the node at this address; no other host is asked for anything.</p>
      </footer>
    </>
  );
}
