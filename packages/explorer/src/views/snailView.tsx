import type { JSX } from "preact";
import type { FruitAnswer, PayAnswer, SnailAnswer } from "../data/answers.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { formatCount } from "../format/formatNumber.ts";
import { formatTime } from "../format/formatTime.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useReading } from "../page/context.ts";
import { Facts } from "../parts/facts.tsx";
import { Account, HashLink, NumberLink } from "../parts/links.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";

function SnailFacts({ block }: { readonly block: SnailAnswer }): JSX.Element {
  return (
    <Panel title="Header" isWide>
      <Facts
        facts={[
          ["Hash", <code key="h">{block.hash}</code>],
          ["Parent", <HashLink key="p" view="snail" hash={block.parentHash} isWhole />],
          ["Time", `${formatTime(readNumber(block.timestamp) * 1_000)} UTC`],
          ["Miner's payout", <Account key="m" address={block.payout} isWhole />],
          ["Anchors block", <NumberLink key="a" view="block" number={readNumber(block.anchorNumber)} />],
          [
            "Certificate of the anchor",
            block.certificate === null
              ? "none"
              : `signed by ${block.certificate.signers.length} members of epoch ${readNumber(block.certificate.epoch)}`,
          ],
          ["Difficulty", `${formatCount(readBigint(block.difficulty))} hashes`],
          ["Work of the chain", `${formatCount(readBigint(block.totalDifficulty))} hashes`],
          ["Fruits packed by the chain", formatCount(readNumber(block.packedFruits))],
          ["Nonce", <code key="n">{block.nonce}</code>],
        ]}
      />
    </Panel>
  );
}

function Pay({ number }: { readonly number: string }): JSX.Element {
  const reading = useReading(`pay ${number}`, 0, (call) => call<PayAnswer | null>("snail_getBlockRewards", [number]));
  return (
    <Panel title="Pay" isWide>
      <Read reading={reading}>
        {(pay) =>
          pay === null ? (
            <p class="quiet">It is not on the best chain.</p>
          ) : (
            <>
              <p>
                {pay.fastNumber === null ? (
                  "Due, not paid yet: no fast block points past it."
                ) : (
                  <>
                    Paid by block <NumberLink view="block" number={readNumber(pay.fastNumber)} />.
                  </>
                )}
              </p>
              <Table
                label="Pay"
                columns={["To", "Amount"]}
                empty="Nobody is paid for it."
                rows={pay.payments.map(({ to, amount }) => ({
                  key: to,
                  cells: [<Account key="t" address={to} />, formatCoins(readBigint(amount))],
                }))}
              />
            </>
          )
        }
      </Read>
    </Panel>
  );
}

/** One snail block by number or hash. */
export function SnailView({ subject }: ViewProps): JSX.Element {
  const isHash = subject.length === 66;
  const id = isHash || !/^\d{1,15}$/.test(subject) ? subject : `0x${Number(subject).toString(16)}`;
  const reading = useReading(`snail ${subject}`, 0, (call) =>
    call<SnailAnswer | null>(isHash ? "snail_getBlockByHash" : "snail_getBlockByNumber", [id, true]),
  );
  return (
    <Read reading={reading}>
      {(block) => {
        if (block === null) return <p role="status">This node has no snail block {subject}.</p>;
        const number = readNumber(block.number);
        const fruits = block.fruits.filter((fruit): fruit is FruitAnswer => typeof fruit !== "string");
        return (
          <>
            <h1>Snail block {formatCount(number)}</h1>
            <p class="wide siblings">
              {number > 0 ? <a href={routeTo("snail", number - 1)}>Snail block before</a> : null}{" "}
              <a href={routeTo("snail", number + 1)}>Snail block after</a>
            </p>
            <SnailFacts block={block} />
            <Panel title={`Fruits: ${formatCount(fruits.length)}`} isWide>
              <Table
                label="Fruits"
                columns={["Fruit", "Pins block", "Supports", "Miner"]}
                empty="It packs none."
                rows={fruits.map((fruit) => ({
                  key: fruit.hash,
                  cells: [
                    <HashLink key="h" view="fruit" hash={fruit.hash} />,
                    <NumberLink key="n" view="block" number={readNumber(fruit.anchorNumber)} />,
                    <Account key="s" address={fruit.supports} />,
                    <Account key="p" address={fruit.payout} />,
                  ],
                }))}
              />
            </Panel>
            {number === 0 ? null : <Pay number={block.number} />}
          </>
        );
      }}
    </Read>
  );
}
