import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { difficulties, hashRates, intervals, latencies, type Overview, perSecond, ratesOf } from "../data/overview.ts";
import { formatCount, formatMany, formatShort } from "../format/formatNumber.ts";
import { formatSpan } from "../format/formatTime.ts";
import { useFeed } from "../page/context.ts";
import { Age, useNow } from "../parts/age.tsx";
import { ChainPicture } from "../parts/chainPicture.tsx";
import { Chart } from "../parts/chart.tsx";
import { Account, NumberLink } from "../parts/links.tsx";
import { Panel } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";

const ROWS = 8;

function Figures({ overview, nowMs }: { readonly overview: Overview; readonly nowMs: number }): JSX.Element {
  const { status, fast, snail } = overview;
  const rates = ratesOf(fast, nowMs);
  const hashRate = hashRates(snail).at(-1)?.value;
  const figures: readonly (readonly [string, string, string])[] = [
    ["Block", formatCount(fast.at(-1)?.number ?? 0), "final"],
    ["Anchored", formatCount(status?.anchoredNumber ?? 0), "buried in the snail chain"],
    ["Transactions", formatShort(rates.transactionsPerSecond), "a second"],
    ["Gas", formatShort(rates.gasPerSecond), "a second"],
    ["Latency", rates.latencyMs === null ? "–" : formatSpan(rates.latencyMs), "proposed to here"],
    ["Interval", rates.intervalMs === null ? "–" : formatSpan(rates.intervalMs), "between blocks"],
    [
      "Snail block",
      formatCount(status?.snailNumber ?? 0),
      `${formatMany(status?.pooledFruits ?? 0, "fruit")} in the pool`,
    ],
    ["Hash rate", hashRate === undefined ? "–" : formatShort(hashRate, "H/s"), "of the network"],
  ];
  return (
    <ul class="figures">
      {figures.map(([name, value, note]) => (
        <li key={name}>
          <span class="figureName">{name}</span>
          <strong>{value}</strong>
          <span class="quiet">{note}</span>
        </li>
      ))}
    </ul>
  );
}

function CommitteeLine({ overview }: { readonly overview: Overview }): JSX.Element | null {
  const { status } = overview;
  if (status === null) return null;
  const total = status.committee.reduce((sum, { seats }) => sum + seats, 0);
  const silent = new Set(status.missing.map(({ address }) => address));
  return (
    <Panel title="Committee" isWide aside={<a href={routeTo("committee")}>votes and elections</a>}>
      <p>
        Epoch {formatCount(status.epoch)}: {formatMany(status.committee.length, "member")} with{" "}
        {formatMany(total, "seat")} in all; {formatCount(status.quorumSeats)}{" "}
        {status.quorumSeats === 1 ? "makes" : "make"} a block final. Now: {status.doing}.
      </p>
      {status.otherNetworks.map(({ code, message }) => (
        <p key={`${code} ${message}`} class="quiet">
          {message}
        </p>
      ))}
      <ul class="seats">
        {status.committee.map(({ address, seats }) => (
          <li key={address} style={{ flexGrow: seats }} class={silent.has(address) ? "silent" : ""}>
            <a href={routeTo("validator", address)} title={address}>
              {address.slice(0, 8)}
            </a>
            <span>
              {formatMany(seats, "seat")}
              {silent.has(address) ? ", silent" : ""}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Charts({ overview }: { readonly overview: Overview }): JSX.Element {
  const { fast, snail } = overview;
  const series = useMemo(
    () => ({
      transactions: perSecond(fast, ({ transactions }) => transactions),
      gas: perSecond(fast, ({ gasUsed }) => gasUsed),
      latency: latencies(fast),
      interval: intervals(fast),
    }),
    [fast],
  );
  const slow = useMemo(() => ({ hashRate: hashRates(snail), difficulty: difficulties(snail) }), [snail]);
  return (
    <Panel title="Charts" isWide>
      <div class="charts">
        <Chart title="Transactions" unit="a second" points={series.transactions} />
        <Chart title="Gas" unit="a second" points={series.gas} />
        <Chart title="Latency" unit="ms" points={series.latency} format={formatSpan} />
        <Chart title="Block interval" unit="ms" points={series.interval} format={formatSpan} />
        <Chart title="Hash rate" unit="" points={slow.hashRate} format={(value) => formatShort(value, "H/s")} />
        <Chart title="Difficulty" unit="hashes" points={slow.difficulty} />
      </div>
    </Panel>
  );
}

function NewestFast({ overview, nowMs }: { readonly overview: Overview; readonly nowMs: number }): JSX.Element {
  const rows = overview.fast.slice(-ROWS).reverse();
  return (
    <Panel title="Newest blocks" aside={<a href={routeTo("blocks")}>all blocks</a>}>
      <Table
        label="Newest blocks"
        columns={["Block", "Age", "Transactions", "Gas", "Proposer's payout"]}
        empty="No block yet."
        rows={rows.map((row) => ({
          key: row.hash,
          cells: [
            <NumberLink key="n" view="block" number={row.number} />,
            <Age key="a" ms={row.timeMs} nowMs={nowMs} />,
            formatCount(row.transactions),
            formatShort(row.gasUsed),
            <Account key="p" address={row.proposer} />,
          ],
        }))}
      />
    </Panel>
  );
}

function NewestSnail({ overview, nowMs }: { readonly overview: Overview; readonly nowMs: number }): JSX.Element {
  const rows = overview.snail.slice(-ROWS).reverse();
  return (
    <Panel title="Newest snail blocks" aside={<a href={routeTo("snails")}>all snail blocks</a>}>
      <Table
        label="Newest snail blocks"
        columns={["Snail block", "Age", "Fruits", "Anchors block", "Miner"]}
        empty="No snail block yet."
        rows={rows.map((row) => ({
          key: row.hash,
          cells: [
            <NumberLink key="n" view="snail" number={row.number} />,
            <Age key="a" ms={row.timeMs} nowMs={nowMs} />,
            formatCount(row.fruits.length),
            <NumberLink key="f" view="block" number={row.anchorNumber} />,
            <Account key="p" address={row.payout} />,
          ],
        }))}
      />
    </Panel>
  );
}

export function OverviewView(): JSX.Element {
  const { overview } = useFeed();
  const nowMs = useNow();
  if (!overview.isReady) return <p class="quiet">Reading …</p>;
  return (
    <>
      <h1 class="visuallyHidden">Both chains, live</h1>
      <Figures overview={overview} nowMs={nowMs} />
      <section class="panel wide" aria-label="Both chains">
        <ChainPicture overview={overview} />
        {(overview.snail.at(-1)?.number ?? 0) > 0 ? null : (
          <p class="quiet">
            No snail block has been mined on this chain yet: blocks are final by the committee's certificates, and none
            is anchored. On a development chain nobody mines.
          </p>
        )}
      </section>
      <CommitteeLine overview={overview} />
      <NewestFast overview={overview} nowMs={nowMs} />
      <NewestSnail overview={overview} nowMs={nowMs} />
      <Charts overview={overview} />
    </>
  );
}
