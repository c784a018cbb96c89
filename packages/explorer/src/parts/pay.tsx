import type { JSX } from "preact";
import type { RewardsAnswer } from "../data/answers.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { formatCount } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import { useFeed, useReading } from "../page/context.ts";
import { NumberLink } from "./links.tsx";
import { Panel, Read } from "./panel.tsx";
import { Table } from "./table.tsx";

const BLOCKS_MAX = 500;
const ROWS_MAX = 20;

/** What an address gets from the newest snail blocks. */
export function PayPanel({ address }: { readonly address: string }): JSX.Element {
  const { overview } = useFeed();
  const head = overview.snail.at(-1)?.number ?? 0;
  const first = Math.max(1, head - BLOCKS_MAX + 1);
  const reading = useReading(`rewards ${address}`, overview.snail.at(-1)?.hash ?? "", (call) =>
    call<RewardsAnswer>("snail_getRewards", [address, `0x${first.toString(16)}`, "latest"]),
  );
  return (
    <Panel title="Pay from the snail chain" isWide>
      <Read reading={reading}>
        {({ paid, due, blocks }) => (
          <>
            <p>
              Since snail block {formatCount(first)}: {formatCoins(readBigint(paid))} paid,{" "}
              {formatCoins(readBigint(due))} due.
            </p>
            <Table
              label="Pay by snail block"
              columns={["Snail block", "Amount", "Own fruits", "Packed it", "Paid by block"]}
              empty="Nothing yet."
              rows={[...blocks]
                .reverse()
                .slice(0, ROWS_MAX)
                .map(({ snailNumber, amount, fruits, isPacker, fastNumber }) => ({
                  key: snailNumber,
                  cells: [
                    <NumberLink key="s" view="snail" number={readNumber(snailNumber)} />,
                    formatCoins(readBigint(amount)),
                    formatCount(readNumber(fruits)),
                    isPacker ? "yes" : "",
                    fastNumber === null ? "due" : <NumberLink key="f" view="block" number={readNumber(fastNumber)} />,
                  ],
                }))}
            />
          </>
        )}
      </Read>
    </Panel>
  );
}
