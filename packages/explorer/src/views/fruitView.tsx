import type { JSX } from "preact";
import type { FruitAnswer } from "../data/answers.ts";
import { formatCount } from "../format/formatNumber.ts";
import { formatTime } from "../format/formatTime.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Facts } from "../parts/facts.tsx";
import { Account, HashLink, NumberLink } from "../parts/links.tsx";
import { Panel, Read } from "../parts/panel.tsx";

/** One fruit, in the pool or packed. */
export function FruitView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const reading = useReading(`fruit ${subject}`, overview.snail.at(-1)?.hash ?? "", (call) =>
    call<FruitAnswer | null>("fruit_getByHash", [subject]),
  );
  return (
    <>
      <h1>Fruit</h1>
      <Panel title="A share of work" isWide>
        <Read reading={reading}>
          {(fruit) =>
            fruit === null ? (
              <p role="status">This node knows no such fruit; fruits that no block packs in time go stale.</p>
            ) : (
              <Facts
                facts={[
                  ["Hash", <code key="h">{fruit.hash}</code>],
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
                  ["Supports", <Account key="v" address={fruit.supports} isWhole />],
                  ["Miner's payout", <Account key="p" address={fruit.payout} isWhole />],
                  ["Difficulty", `${formatCount(readBigint(fruit.fruitDifficulty))} hashes`],
                  ["Time", `${formatTime(readNumber(fruit.timestamp) * 1_000)} UTC`],
                  ["Nonce", <code key="c">{fruit.nonce}</code>],
                ]}
              />
            )
          }
        </Read>
      </Panel>
    </>
  );
}
