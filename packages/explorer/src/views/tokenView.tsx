import type { JSX } from "preact";
import { movedBy, readHolders, readToken, readTransfers } from "../data/tokens.ts";
import { formatUnits } from "../format/formatAmount.ts";
import { cleanText } from "../format/formatHash.ts";
import { readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Facts } from "../parts/facts.tsx";
import { Account, HashLink, NumberLink } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";
import { isAddress } from "../route/subject.ts";

const TRANSFERS_SHOWN = 50;

/** A token: what it says of itself, its holders and transfers by the logs of recent blocks. */
export function TokenView({ subject }: ViewProps): JSX.Element {
  const address = subject.toLowerCase();
  const { overview } = useFeed();
  const reading = useReading(`token ${address}`, Math.floor((overview.fast.at(-1)?.number ?? 0) / 8), async (call) => {
    const token = isAddress(address) ? await readToken(call, address) : null;
    if (token === null) return null;
    const transfers = await readTransfers(call, address);
    return { token, transfers, holders: await readHolders(call, address, transfers) };
  });
  return (
    <>
      <h1>Token</h1>
      <Read reading={reading}>
        {(found) => {
          if (found === null)
            return (
              <Missing subject={subject}>
                {isAddress(address) ? (
                  <>
                    What is there does not answer as a token does. It may be{" "}
                    <a href={routeTo("account", address)}>an account of another kind</a>.
                  </>
                ) : (
                  "Tokens are asked for by their address: 0x and 40 hex digits."
                )}
              </Missing>
            );
          const { token, transfers, holders } = found;
          const amount = (value: bigint): string =>
            `${formatUnits(value, token.decimals)} ${cleanText(token.symbol, 20)}`;
          return (
            <>
              <Panel title={cleanText(token.name, 100)} isWide>
                <Facts
                  facts={[
                    ["Contract", <Account key="a" address={address} isWhole />],
                    ["Symbol", cleanText(token.symbol, 60)],
                    ["Kind", token.kind === "things" ? "things, each with a number (ERC-721)" : "amounts (ERC-20)"],
                    ...(token.kind === "amounts" ? ([["Decimals", String(token.decimals)]] as const) : []),
                    ["Supply", token.supply === null ? "not counted by the contract" : amount(token.supply)],
                    [
                      "Call it",
                      <a key="c" href={routeTo("contract", address)}>
                        read and write
                      </a>,
                    ],
                  ]}
                />
              </Panel>
              <Panel title="Holders">
                <Table
                  label="Holders"
                  columns={["Account", "Balance"]}
                  empty="No transfers in recent blocks."
                  rows={holders.map(({ holder, balance }) => ({
                    key: holder,
                    cells: [<Account key="h" address={holder} />, amount(balance)],
                  }))}
                />
                <p class="quiet">Those who took part in transfers of the last 2,000 blocks.</p>
              </Panel>
              <Panel title="Transfers">
                <Table
                  label="Transfers"
                  columns={["Transaction", "Block", "From", "To", token.kind === "things" ? "Number" : "Amount"]}
                  empty="None in recent blocks."
                  rows={transfers
                    .slice(0, TRANSFERS_SHOWN)
                    .map((log) => ({ ...log, moved: movedBy(token, log) }))
                    .map(({ transactionHash, blockNumber, topics, logIndex, moved }) => ({
                      key: `${blockNumber} ${logIndex}`,
                      cells: [
                        <HashLink key="h" view="tx" hash={transactionHash} />,
                        <NumberLink key="b" view="block" number={readNumber(blockNumber)} />,
                        <Account key="f" address={`0x${(topics[1] ?? "").slice(26)}`} />,
                        <Account key="t" address={`0x${(topics[2] ?? "").slice(26)}`} />,
                        moved === null ? "?" : token.kind === "things" ? `#${moved}` : amount(moved),
                      ],
                    }))}
                />
              </Panel>
            </>
          );
        }}
      </Read>
    </>
  );
}
