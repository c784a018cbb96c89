import type { JSX } from "preact";
import type { BlockAnswer } from "../data/answers.ts";
import { type FastRow, toFastRow } from "../data/overview.ts";
import { formatCount, formatPercent } from "../format/formatNumber.ts";
import { readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Age, useNow } from "../parts/age.tsx";
import { Account, NumberLink } from "../parts/links.tsx";
import { Pager, pageFrom } from "../parts/pager.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";

const PAGE = 25;

/** Fast blocks, newest first. */
export function BlocksView({ subject }: ViewProps): JSX.Element {
  const last = pageFrom(subject);
  const nowMs = useNow();
  const { fast } = useFeed().overview;
  // The newest page moves with the chain; of its rows the feed has read most.
  const version = last === null ? (fast.at(-1)?.hash ?? "") : "";
  const reading = useReading(`blocks ${last}`, version, async (call) => {
    const shown = last === null ? fast.at(-1)?.number : undefined;
    const head = shown ?? readNumber(await call("eth_blockNumber"));
    const from = Math.min(last ?? head, head);
    const numbers = Array.from({ length: Math.min(PAGE, from + 1) }, (_, index) => from - index);
    const known = new Map(fast.map((row) => [row.number, row]));
    const rows = await Promise.all(
      numbers.map(async (number) => {
        const row = last === null ? known.get(number) : undefined;
        if (row !== undefined) return [row];
        const block = await call<BlockAnswer | null>("eth_getBlockByNumber", [`0x${number.toString(16)}`, false]);
        return block === null ? [] : [toFastRow(block, null)];
      }),
    );
    return { head, from, rows: rows.flat() };
  });
  return (
    <>
      <h1>Blocks of the fast chain</h1>
      <Panel title="Blocks" isWide>
        <Read reading={reading}>
          {({ head, from, rows }) => (
            <>
              <Table
                label="Blocks"
                columns={["Block", "Age", "Transactions", "Gas used", "Full", "Proposer's payout"]}
                empty="No block yet."
                rows={rows.map((row: FastRow) => ({
                  key: row.hash,
                  cells: [
                    <NumberLink key="n" view="block" number={row.number} />,
                    <Age key="a" ms={row.timeMs} nowMs={nowMs} />,
                    formatCount(row.transactions),
                    formatCount(row.gasUsed),
                    formatPercent(row.gasUsed / Math.max(1, row.gasLimit)),
                    <Account key="p" address={row.proposer} />,
                  ],
                }))}
              />
              <Pager view="blocks" head={head} from={from} size={PAGE} />
            </>
          )}
        </Read>
      </Panel>
    </>
  );
}
