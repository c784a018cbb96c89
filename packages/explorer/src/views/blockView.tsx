import type { JSX } from "preact";
import type { BlockAnswer, ReceiptAnswer, TransactionAnswer } from "../data/answers.ts";
import { formatCoins, formatGwei } from "../format/formatAmount.ts";
import { formatBytes, formatCount, formatPercent } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Moment } from "../parts/age.tsx";
import { Whole } from "../parts/copy.tsx";
import { Facts } from "../parts/facts.tsx";
import { GradePanel } from "../parts/grade.tsx";
import { Account, HashLink, NumberLink } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Outcome } from "../parts/outcome.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";
import { readBlockSubject } from "../route/subject.ts";

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
          ["Hash", <Whole key="h" text={block.hash} name="hash" />],
          ["Parent", <HashLink key="p" view="block" hash={block.parentHash} isWhole />],
          ["Time", <Moment key="t" ms={timeMs} />],
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

interface BlockParts {
  readonly block: BlockAnswer;
  readonly receipts: readonly ReceiptAnswer[];
  readonly requests: Requests | null;
}

function Transactions({ block, receipts }: BlockParts): JSX.Element {
  const transactions = block.transactions.filter(isWhole);
  return (
    <Panel title={`Transactions: ${formatCount(transactions.length)}`} isWide>
      <Table
        label="Transactions"
        columns={["Transaction", "Outcome", "From", "To", "Value", "Gas used"]}
        empty="This block has none."
        rows={transactions.slice(0, TRANSACTIONS_SHOWN).map((transaction, index) => {
          const receipt = receipts[index];
          return {
            key: transaction.hash,
            cells: [
              <HashLink key="h" view="tx" hash={transaction.hash} />,
              receipt === undefined ? "" : <Outcome key="o" receipt={receipt} />,
              <Account key="f" address={transaction.from} />,
              transaction.to === null ? "new contract" : <Account key="t" address={transaction.to} />,
              formatCoins(readBigint(transaction.value)),
              receipt === undefined ? "" : formatCount(readNumber(receipt.gasUsed)),
            ],
          };
        })}
      />
      {transactions.length > TRANSACTIONS_SHOWN ? <p class="quiet">The first {TRANSACTIONS_SHOWN} are shown.</p> : null}
    </Panel>
  );
}

/** One fast block by number, hash or tag. */
export function BlockView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const head = overview.fast.at(-1)?.number ?? 0;
  const asked = readBlockSubject(subject);
  // A block that is not there yet may come; what a tag names moves.
  const isComing = asked?.kind === "number" && asked.number > head;
  const version = asked?.kind === "tag" ? head : isComing ? "coming" : "there";
  const reading = useReading(`block ${subject}`, version, async (call): Promise<BlockParts | null> => {
    if (asked === null) return null;
    const method = asked.kind === "hash" ? "eth_getBlockByHash" : "eth_getBlockByNumber";
    const block = await call<BlockAnswer | null>(method, [asked.id, true]);
    if (block === null) return null;
    const [requests, receipts] = await Promise.all([
      call<Requests | null>("festina_requests", [block.number]),
      block.transactions.length === 0
        ? []
        : call<readonly ReceiptAnswer[] | null>("eth_getBlockReceipts", [block.hash]),
    ]);
    return { block, requests, receipts: receipts ?? [] };
  });
  const found = reading.kind === "done" ? reading.value : null;
  const number = found === null ? (asked?.kind === "number" ? asked.number : null) : readNumber(found.block.number);
  return (
    <>
      <h1>Block {number === null ? "" : formatCount(number)}</h1>
      {number === null ? null : (
        <p class="wide siblings">
          {number > 0 ? <a href={routeTo("block", number - 1)}>Block before</a> : null}{" "}
          {number >= head ? null : <a href={routeTo("block", number + 1)}>Block after</a>}
        </p>
      )}
      <Read reading={reading}>
        {(parts) =>
          parts === null ? (
            <Missing subject={subject}>
              {asked === null
                ? "Blocks are asked for by a number, or by a hash: 0x and 64 hex digits."
                : isComing
                  ? `This block is not there yet: the newest is ${formatCount(head)}. It is shown as soon as it comes.`
                  : "This node has no such block."}
            </Missing>
          ) : (
            <>
              <BlockFacts block={parts.block} />
              <GradePanel number={readNumber(parts.block.number)} />
              <Transactions {...parts} />
              {parts.requests === null ? null : <BlockRequests requests={parts.requests} />}
            </>
          )
        }
      </Read>
    </>
  );
}
