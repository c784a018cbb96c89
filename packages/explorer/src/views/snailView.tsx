import type { JSX } from "preact";
import type { FruitAnswer, PayAnswer, SnailAnswer } from "../data/answers.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { formatCount, formatMany } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Moment } from "../parts/age.tsx";
import { Whole } from "../parts/copy.tsx";
import { Facts } from "../parts/facts.tsx";
import { Account, HashLink, NumberLink, Validator } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";
import { readBlockSubject } from "../route/subject.ts";

function SnailFacts({ block }: { readonly block: SnailAnswer }): JSX.Element {
  return (
    <Panel title="Header" isWide>
      <Facts
        facts={[
          ["Hash", <Whole key="h" text={block.hash} name="hash" />],
          ["Parent", <HashLink key="p" view="snail" hash={block.parentHash} isWhole />],
          ["Time", <Moment key="t" ms={readNumber(block.timestamp) * 1_000} />],
          ["Miner's payout", <Account key="m" address={block.payout} isWhole />],
          ["Anchors block", <NumberLink key="a" view="block" number={readNumber(block.anchorNumber)} />],
          [
            "Certificate of the anchor",
            block.certificate === null
              ? "none"
              : `signed by ${formatMany(block.certificate.signers.length, "member")} of epoch ${readNumber(block.certificate.epoch)}`,
          ],
          ["Difficulty", formatMany(readBigint(block.difficulty), "hash")],
          ["Work of the chain", formatMany(readBigint(block.totalDifficulty), "hash")],
          ["Fruits packed by the chain", formatCount(readNumber(block.packedFruits))],
          ["Nonce", <code key="n">{block.nonce}</code>],
        ]}
      />
    </Panel>
  );
}

function Pay({ number, head }: { readonly number: string; readonly head: number }): JSX.Element {
  const reading = useReading(`pay ${number}`, head, (call) =>
    call<PayAnswer | null>("snail_getBlockRewards", [number]),
  );
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

function Fruits({ fruits }: { readonly fruits: readonly FruitAnswer[] }): JSX.Element {
  return (
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
            <Validator key="s" address={fruit.supports} />,
            <Account key="p" address={fruit.payout} />,
          ],
        }))}
      />
    </Panel>
  );
}

/** One snail block by number, hash or "latest". */
export function SnailView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const head = overview.snail.at(-1)?.number ?? 0;
  const asked = readBlockSubject(subject);
  // A block that is not there yet may come, and until it is buried the chain may take another in its place.
  const version = asked?.kind === "hash" ? "" : (overview.snail.at(-1)?.hash ?? "");
  const reading = useReading(`snail ${subject}`, version, async (call) => {
    if (asked === null) return null;
    const method = asked.kind === "hash" ? "snail_getBlockByHash" : "snail_getBlockByNumber";
    return call<SnailAnswer | null>(method, [asked.id, true]);
  });
  const found = reading.kind === "done" ? reading.value : null;
  const number = found === null ? (asked?.kind === "number" ? asked.number : null) : readNumber(found.number);
  return (
    <>
      <h1>Snail block {number === null ? "" : formatCount(number)}</h1>
      {number === null ? null : (
        <p class="wide siblings">
          {number > 0 ? <a href={routeTo("snail", number - 1)}>Snail block before</a> : null}{" "}
          {number >= head ? null : <a href={routeTo("snail", number + 1)}>Snail block after</a>}
        </p>
      )}
      <Read reading={reading}>
        {(block) =>
          block === null ? (
            <Missing subject={subject}>
              {asked === null
                ? "Snail blocks are asked for by a number, or by a hash: 0x and 64 hex digits."
                : asked.kind === "number" && asked.number > head
                  ? `This snail block is not mined yet: the newest is ${formatCount(head)}. It is shown as soon as it comes.`
                  : "This node has no such snail block."}
            </Missing>
          ) : (
            <>
              <SnailFacts block={block} />
              <Fruits fruits={block.fruits.filter((fruit): fruit is FruitAnswer => typeof fruit !== "string")} />
              {readNumber(block.number) === 0 ? null : <Pay number={block.number} head={head} />}
            </>
          )
        }
      </Read>
    </>
  );
}
