import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BlockAnswer } from "../data/answers.ts";
import { type FastRow, toFastRow } from "../data/overview.ts";
import { formatCount, formatPercent } from "../format/formatNumber.ts";
import { readNumber } from "../format/readQuantity.ts";
import { useReading } from "../page/context.ts";
import { Age, useNow } from "../parts/age.tsx";
import { Account, NumberLink } from "../parts/links.tsx";
import { Pager } from "../parts/pager.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";

const PAGE = 25;

/** Fast blocks, newest first. */
export function BlocksView(): JSX.Element {
  const [last, setLast] = useState<number | null>(null);
  const nowMs = useNow();
  const reading = useReading(`blocks ${last}`, 0, async (call) => {
    const head = readNumber(await call("eth_blockNumber"));
    const from = Math.min(last ?? head, head);
    const numbers = Array.from({ length: Math.min(PAGE, from + 1) }, (_, index) => from - index);
    const blocks = await Promise.all(
      numbers.map((number) => call<BlockAnswer | null>("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])),
    );
    return { head, from, rows: blocks.flatMap((block) => (block === null ? [] : [toFastRow(block, null)])) };
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
              <Pager head={head} from={from} size={PAGE} onMove={setLast} />
            </>
          )}
        </Read>
      </Panel>
    </>
  );
}
