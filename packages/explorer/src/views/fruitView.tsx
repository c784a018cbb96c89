import type { JSX } from "preact";
import type { FruitAnswer } from "../data/answers.ts";
import { formatMany } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Moment } from "../parts/age.tsx";
import { Whole } from "../parts/copy.tsx";
import { Facts } from "../parts/facts.tsx";
import { Account, HashLink, NumberLink, Validator } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { isHash } from "../route/subject.ts";

/** One fruit, in the pool or packed. */
export function FruitView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const reading = useReading(`fruit ${subject}`, overview.snail.at(-1)?.hash ?? "", async (call) =>
    isHash(subject) ? call<FruitAnswer | null>("fruit_getByHash", [subject]) : null,
  );
  return (
    <>
      <h1>Fruit</h1>
      <Read reading={reading}>
        {(fruit) =>
          fruit === null ? (
            <Missing subject={subject}>
              {isHash(subject)
                ? "This node knows no such fruit; fruits that no block packs in time go stale."
                : "Fruits are asked for by their hash: 0x and 64 hex digits."}
            </Missing>
          ) : (
            <Panel title="A share of work" isWide>
              <Facts
                facts={[
                  ["Hash", <Whole key="h" text={fruit.hash} name="hash" />],
                  [
                    "State",
                    fruit.packedIn === null ? (
                      "ripens in the pool"
                    ) : (
                      <>
                        packed in snail block <NumberLink key="s" view="snail" number={readNumber(fruit.packedIn)} />
                      </>
                    ),
                  ],
                  ["Pins block", <NumberLink key="n" view="block" number={readNumber(fruit.anchorNumber)} />],
                  ["Its hash", <HashLink key="a" view="block" hash={fruit.anchorHash} isWhole />],
                  ["Points to snail block", <HashLink key="o" view="snail" hash={fruit.pointerHash} isWhole />],
                  ["Supports", <Validator key="v" address={fruit.supports} isWhole />],
                  ["Miner's payout", <Account key="p" address={fruit.payout} isWhole />],
                  ["Difficulty", formatMany(readBigint(fruit.fruitDifficulty), "hash")],
                  ["Time", <Moment key="t" ms={readNumber(fruit.timestamp) * 1_000} />],
                  ["Nonce", <code key="c">{fruit.nonce}</code>],
                ]}
              />
            </Panel>
          )
        }
      </Read>
    </>
  );
}
