import type { JSX } from "preact";
import type { SnailAnswer } from "../data/answers.ts";
import { formatCount, formatShort } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Age, useNow } from "../parts/age.tsx";
import { Account, HashLink, NumberLink, Validator } from "../parts/links.tsx";
import { Pager, pageFrom } from "../parts/pager.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";

const PAGE = 25;

function WaitingFruits(): JSX.Element {
  const { fruits } = useFeed().overview;
  return (
    <Panel title={`Fruits in the pool: ${formatCount(fruits.length)}`} isWide>
      <Table
        label="Fruits in the pool"
        columns={["Fruit", "Pins block", "Supports", "Miner"]}
        empty="None waits."
        rows={fruits.map(({ hash, anchorNumber, supports, payout }) => ({
          key: hash,
          cells: [
            <HashLink key="h" view="fruit" hash={hash} />,
            <NumberLink key="n" view="block" number={anchorNumber} />,
            <Validator key="s" address={supports} />,
            <Account key="p" address={payout} />,
          ],
        }))}
      />
    </Panel>
  );
}

/** Snail blocks, newest first, and the fruits that wait. */
export function SnailsView({ subject }: ViewProps): JSX.Element {
  const last = pageFrom(subject);
  const nowMs = useNow();
  const { overview } = useFeed();
  const version = last === null ? (overview.snail.at(-1)?.hash ?? "") : "";
  const reading = useReading(`snails ${last}`, version, async (call) => {
    const head = readNumber(await call("snail_blockNumber"));
    const from = Math.min(last ?? head, head);
    const numbers = Array.from({ length: Math.min(PAGE, from + 1) }, (_, index) => from - index);
    const blocks = await Promise.all(
      numbers.map((number) => call<SnailAnswer | null>("snail_getBlockByNumber", [`0x${number.toString(16)}`, false])),
    );
    return { head, from, blocks: blocks.filter((block) => block !== null) };
  });
  return (
    <>
      <h1>Snail chain</h1>
      <WaitingFruits />
      <Panel title="Snail blocks" isWide>
        <Read reading={reading}>
          {({ head, from, blocks }) => (
            <>
              <Table
                label="Snail blocks"
                columns={["Snail block", "Age", "Fruits", "Anchors block", "Difficulty", "Miner"]}
                empty="No snail block yet."
                rows={blocks.map((block) => ({
                  key: block.hash,
                  cells: [
                    <NumberLink key="n" view="snail" number={readNumber(block.number)} />,
                    <Age key="a" ms={readNumber(block.timestamp) * 1_000} nowMs={nowMs} />,
                    formatCount(block.fruits.length),
                    <NumberLink key="f" view="block" number={readNumber(block.anchorNumber)} />,
                    formatShort(Number(readBigint(block.difficulty))),
                    <Account key="p" address={block.payout} />,
                  ],
                }))}
              />
              <Pager view="snails" head={head} from={from} size={PAGE} />
            </>
          )}
        </Read>
      </Panel>
    </>
  );
}
