import type { JSX } from "preact";
import type { BlockAnswer, TransactionAnswer } from "../data/answers.ts";
import { formatCoins, formatGwei } from "../format/formatAmount.ts";
import { formatBytes, formatCount, formatPercent } from "../format/formatNumber.ts";
import { formatTime } from "../format/formatTime.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Facts } from "../parts/facts.tsx";
import { GradePanel } from "../parts/grade.tsx";
import { Account, HashLink, NumberLink } from "../parts/links.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";

const TRANSACTIONS_SHOWN = 200;

interface Requests {
  readonly snailNumber: string | null;
  readonly certificate: object | null;
  readonly rewards: readonly { readonly to: string; readonly amount: string }[];
  readonly evidence: readonly unknown[];
  readonly handover: { readonly epoch: string } | null;
}

const isWhole = (transaction: string | TransactionAnswer): transaction is TransactionAnswer =>
  typeof transaction !== "string";

function BlockFacts({ block }: { readonly block: BlockAnswer }): JSX.Element {
  const [used, limit] = [readNumber(block.gasUsed), readNumber(block.gasLimit)];
  const timeMs = readNumber(block.timestampMs) || readNumber(block.timestamp) * 1_000;
  const pointer = block.parentBeaconBlockRoot;
  return (
    <Panel title="Header" isWide>
      <Facts
        facts={[
          ["Hash", <code key="h">{block.hash}</code>],
          ["Parent", <HashLink key="p" view="block" hash={block.parentHash} isWhole />],
          ["Time", `${formatTime(timeMs)} UTC`],
          ["Proposer's payout", <Account key="m" address={block.miner} isWhole />],
          ["Gas", `${formatCount(used)} of ${formatCount(limit)} (${formatPercent(used / Math.max(1, limit))})`],
          ["Base fee", formatGwei(readBigint(block.baseFeePerGas))],
          ["Size", formatBytes(readNumber(block.size))],
          [
            "Points to snail block",
            pointer === undefined ? null : <HashLink key="s" view="snail" hash={pointer} isWhole />,
          ],
          ["Randomness", <code key="r">{block.mixHash}</code>],
          ["State root", <code key="sr">{block.stateRoot}</code>],
          ["Receipts root", <code key="rr">{block.receiptsRoot}</code>],
        ]}
      />
    </Panel>
  );
}

function BlockRequests({ requests }: { readonly requests: Requests }): JSX.Element {
  const { snailNumber, certificate, rewards, evidence, handover } = requests;
  return (
    <Panel title="Beside the block" isWide>
      <Facts
        facts={[
          [
            "Moves the pointer to",
            snailNumber === null ? (
              "no newer snail block"
            ) : (
              <NumberLink key="s" view="snail" number={readNumber(snailNumber)} />
            ),
          ],
          ["Certificate of an ancestor", certificate === null ? "none" : "carried"],
          ["Evidence", evidence.length === 0 ? "none" : `${evidence.length} pieces`],
          [
            "Hands over to",
            handover === null ? null : (
              <a key="e" href={routeTo("committee", readNumber(handover.epoch))}>
                epoch {readNumber(handover.epoch)}
              </a>
            ),
          ],
        ]}
      />
      {rewards.length === 0 ? null : (
        <Table
          label="Rewards paid"
          columns={["Pays", "Amount"]}
          empty=""
          rows={rewards.slice(0, TRANSACTIONS_SHOWN).map(({ to, amount }) => ({
            key: to,
            cells: [<Account key="t" address={to} />, formatCoins(readBigint(amount))],
          }))}
        />
      )}
    </Panel>
  );
}

/** One fast block by number or hash. */
export function BlockView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const isHash = subject.length === 66;
  const id = isHash ? subject : /^\d{1,15}$/.test(subject) ? `0x${Number(subject).toString(16)}` : subject;
  // A block that is not there yet may come.
  const isComing = !isHash && Number(subject) > (overview.fast.at(-1)?.number ?? 0);
  const reading = useReading(`block ${subject}`, isComing ? "coming" : "there", async (call) => {
    const block = await call<BlockAnswer | null>(isHash ? "eth_getBlockByHash" : "eth_getBlockByNumber", [id, true]);
    return { block, requests: block === null ? null : await call<Requests | null>("festina_requests", [block.number]) };
  });
  return (
    <Read reading={reading}>
      {({ block, requests }) => {
        if (block === null) return <p role="status">This node has no block {subject}.</p>;
        const number = readNumber(block.number);
        const transactions = block.transactions.filter(isWhole);
        return (
          <>
            <h1>Block {formatCount(number)}</h1>
            <p class="wide siblings">
              {number > 0 ? <a href={routeTo("block", number - 1)}>Block before</a> : null}{" "}
              <a href={routeTo("block", number + 1)}>Block after</a>
            </p>
            <BlockFacts block={block} />
            <GradePanel number={number} />
            <Panel title={`Transactions: ${formatCount(transactions.length)}`} isWide>
              <Table
                label="Transactions"
                columns={["Transaction", "From", "To", "Value", "Gas limit"]}
                empty="This block has none."
                rows={transactions.slice(0, TRANSACTIONS_SHOWN).map((transaction) => ({
                  key: transaction.hash,
                  cells: [
                    <HashLink key="h" view="tx" hash={transaction.hash} />,
                    <Account key="f" address={transaction.from} />,
                    transaction.to === null ? "new contract" : <Account key="t" address={transaction.to} />,
                    formatCoins(readBigint(transaction.value)),
                    formatCount(readNumber(transaction.gas)),
                  ],
                }))}
              />
              {transactions.length > TRANSACTIONS_SHOWN ? (
                <p class="quiet">The first {TRANSACTIONS_SHOWN} are shown.</p>
              ) : null}
            </Panel>
            {requests === null ? null : <BlockRequests requests={requests} />}
          </>
        );
      }}
    </Read>
  );
}
