import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ExpectedAnswer } from "../data/answers.ts";
import { countMiners } from "../data/miners.ts";
import { hashRates } from "../data/overview.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { formatCount, formatMany, formatPercent, formatShort } from "../format/formatNumber.ts";
import { readBigint } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Facts } from "../parts/facts.tsx";
import { Account } from "../parts/links.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { PayPanel } from "../parts/pay.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";

const RATE_MAX = 1e18;

function Expected(): JSX.Element {
  const { overview } = useFeed();
  const [rate, setRate] = useState("1000");
  const hashes = Math.floor(Number(rate));
  const isRate = rate.trim() !== "" && Number.isFinite(hashes) && hashes >= 0 && hashes <= RATE_MAX;
  const asked = isRate ? BigInt(hashes) : 0n;
  const reading = useReading("expected", `${overview.snail.at(-1)?.hash} ${asked}`, (call) =>
    call<ExpectedAnswer>("snail_expectedReward", [`0x${asked.toString(16)}`]),
  );
  return (
    <Panel title="What mining pays now" isWide>
      <p>
        <label>
          Hashes a second{" "}
          <input inputMode="numeric" size={14} value={rate} onInput={(event) => setRate(event.currentTarget.value)} />
        </label>{" "}
        {isRate ? null : <span role="alert">A number up to 10^18 is wanted.</span>}
      </p>
      <Read reading={reading}>
        {(pay) => (
          <Facts
            facts={[
              ["In an hour, at that rate", pay.perHour === null ? null : formatCoins(readBigint(pay.perHour))],
              [
                "A fruit",
                `${formatCoins(readBigint(pay.perFruit))}, ${formatMany(readBigint(pay.fruitDifficulty), "hash")}`,
              ],
              ["Packing a fruit", formatCoins(readBigint(pay.perPackedFruit))],
              [
                "A snail block itself",
                `${formatCoins(readBigint(pay.perBlock))}, ${formatMany(readBigint(pay.difficulty), "hash")}`,
              ],
            ]}
          />
        )}
      </Read>
    </Panel>
  );
}

/** Who mines and what it pays; with a subject, the pay of that address. */
export function MinersView({ subject }: ViewProps): JSX.Element {
  const { snail } = useFeed().overview;
  const miners = countMiners(snail);
  const fruits = miners.reduce((sum, row) => sum + row.fruits, 0);
  const rate = hashRates(snail).at(-1)?.value;
  return (
    <>
      <h1>Miners</h1>
      {subject === "" ? null : <PayPanel address={subject.toLowerCase()} />}
      <Panel title="Of the newest snail blocks" isWide>
        <p>
          {rate === undefined ? "" : `The network searches about ${formatShort(rate, "H/s")}. `}
          {formatMany(snail.filter(({ number }) => number > 0).length, "snail block")}, {formatMany(fruits, "fruit")}.
        </p>
        <Table
          label="Miners"
          columns={["Miner's payout", "Fruits", "Share", "Snail blocks", "Pay"]}
          empty="Nobody mines here."
          rows={miners.slice(0, 100).map(({ address, fruits: own, blocks }) => ({
            key: address,
            cells: [
              <Account key="a" address={address} isWhole />,
              formatCount(own),
              formatPercent(own / Math.max(1, fruits)),
              formatCount(blocks),
              <a key="p" href={routeTo("miners", address)} aria-label={`Pay of ${address}`}>
                pay
              </a>,
            ],
          }))}
        />
      </Panel>
      <Expected />
    </>
  );
}
