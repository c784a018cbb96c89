import type { JSX } from "preact";
import { findTokens, type Token } from "../data/tokens.ts";
import { cleanText } from "../format/formatHash.ts";
import { knownContracts } from "../page/abis.ts";
import type { ViewProps } from "../page/app.tsx";
import { useReading } from "../page/context.ts";
import { Account } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { type Route, routeTo } from "../route/route.ts";
import { findHash, readQuery } from "../route/search.ts";

interface Found {
  readonly route: Route | null;
  /** Anybody may call a token by any name: where several have it, the reader chooses. */
  readonly tokens: readonly Token[];
}

/** Leads on to what the text means; stays, and says so, when the node knows nothing of it. */
export function SearchView({ subject }: ViewProps): JSX.Element {
  const reading = useReading<Found>(subject, 0, async (call) => {
    const query = readQuery(subject);
    const tokens = query.kind === "name" ? await findTokens(call, query.name, knownContracts()) : [];
    const [only] = tokens;
    const token: Route | null =
      only !== undefined && tokens.length === 1 ? { view: "token", subject: only.address } : null;
    const route =
      query.kind === "route" ? query.route : query.kind === "hash" ? await findHash(query.hash, call) : token;
    if (route !== null) location.replace(routeTo(route.view, route.subject));
    return { route, tokens };
  });
  return (
    <>
      <h1>Search</h1>
      <Read reading={reading}>
        {({ route, tokens }) => {
          if (route !== null)
            return (
              <p class="wide">
                <a href={routeTo(route.view, route.subject)}>Go on</a>
              </p>
            );
          if (tokens.length > 0)
            return (
              <Panel title="Tokens of that name" isWide>
                <Table
                  label="Tokens of that name"
                  columns={["Token", "Symbol", "Contract"]}
                  empty=""
                  rows={tokens.map(({ address, name, symbol }) => ({
                    key: address,
                    cells: [
                      <a key="n" href={routeTo("token", address)}>
                        {cleanText(name, 60)}
                      </a>,
                      cleanText(symbol, 20),
                      <Account key="a" address={address} />,
                    ],
                  }))}
                />
              </Panel>
            );
          return (
            <Missing subject={subject}>
              This node knows no block, snail block, transaction, fruit, account or token of that name. What can be
              looked for: numbers and hashes of blocks, hashes of 64 hex digits, addresses of 40, symbols of tokens that
              moved in the last 2,000 blocks, and “latest”, “snail 7”, “epoch 2”, “validator 0x…”.
            </Missing>
          );
        }}
      </Read>
    </>
  );
}
