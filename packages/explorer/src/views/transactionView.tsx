import type { JSX } from "preact";
import { readLog, readSelected } from "../abi/readWithAbi.ts";
import type { LogAnswer, ReceiptAnswer, TransactionAnswer } from "../data/answers.ts";
import { formatCoins, formatGwei } from "../format/formatAmount.ts";
import { formatCount } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import { abisOf } from "../page/abis.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { CallTrace } from "../parts/callTrace.tsx";
import { Facts } from "../parts/facts.tsx";
import { GradePanel } from "../parts/grade.tsx";
import { Account, NumberLink } from "../parts/links.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { WordedValues } from "../parts/worded.tsx";

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: "legacy",
  1: "with an access list (2930)",
  2: "with priority fee (1559)",
  4: "sets code of accounts (7702)",
  84: "sponsored (0x54)",
};
const LOGS_SHOWN = 100;
const DATA_SHOWN = 4_000;

function Status({ receipt }: { readonly receipt: ReceiptAnswer | null }): JSX.Element {
  if (receipt === null) return <span class="mark">waits in the pool</span>;
  return receipt.status === "0x1" ? <span class="mark good">succeeded</span> : <span class="mark bad">failed</span>;
}

function TransactionFacts(props: {
  readonly transaction: TransactionAnswer;
  readonly receipt: ReceiptAnswer | null;
}): JSX.Element {
  const { transaction, receipt } = props;
  const paidWei = receipt === null ? null : readBigint(receipt.gasUsed) * readBigint(receipt.effectiveGasPrice);
  const type = readNumber(transaction.type);
  return (
    <Panel title="Transaction" isWide aside={<Status receipt={receipt} />}>
      <Facts
        facts={[
          ["Hash", <code key="h">{transaction.hash}</code>],
          [
            "Block",
            transaction.blockNumber === null ? null : (
              <NumberLink key="b" view="block" number={readNumber(transaction.blockNumber)} />
            ),
          ],
          ["From", <Account key="f" address={transaction.from} isWhole />],
          ["To", transaction.to === null ? "a new contract" : <Account key="t" address={transaction.to} isWhole />],
          [
            "Made contract",
            receipt?.contractAddress ? <Account key="c" address={receipt.contractAddress} isWhole /> : null,
          ],
          ["Value", formatCoins(readBigint(transaction.value))],
          ["Paid for gas", paidWei === null ? null : formatCoins(paidWei)],
          [
            "Gas",
            `${receipt === null ? "" : `${formatCount(readNumber(receipt.gasUsed))} of `}${formatCount(readNumber(transaction.gas))}`,
          ],
          ["Price of gas", formatGwei(readBigint(receipt?.effectiveGasPrice ?? transaction.gasPrice))],
          ["Nonce", formatCount(readNumber(transaction.nonce))],
          ["Type", TYPE_NAMES[type] ?? String(type)],
          [
            "Payer of the gas",
            transaction.payer === undefined ? null : <Account key="p" address={transaction.payer} isWhole />,
          ],
          ["Fee of the sender", transaction.fee === undefined ? null : formatCoins(readBigint(transaction.fee))],
        ]}
      />
    </Panel>
  );
}

function Input({ transaction }: { readonly transaction: TransactionAnswer }): JSX.Element | null {
  const { input, to } = transaction;
  if (input === "0x") return null;
  const worded = to === null ? null : readSelected(abisOf(to), "functions", input);
  const shown = input.length > DATA_SHOWN ? `${input.slice(0, DATA_SHOWN)}…` : input;
  return (
    <Panel title={to === null ? "Code that makes the contract" : "Input"} isWide>
      {worded === null ? null : <WordedValues worded={worded} />}
      <details open={worded === null && input.length < 300}>
        <summary>{formatCount((input.length - 2) / 2)} bytes</summary>
        <pre>{shown}</pre>
      </details>
    </Panel>
  );
}

function Log({ log }: { readonly log: LogAnswer }): JSX.Element {
  const worded = readLog(abisOf(log.address), log.topics, log.data);
  return (
    <li>
      <p>
        {readNumber(log.logIndex)} from <Account address={log.address} />
      </p>
      {worded === null ? (
        <pre>{[...log.topics, log.data.slice(0, DATA_SHOWN)].join("\n")}</pre>
      ) : (
        <WordedValues worded={worded} />
      )}
    </li>
  );
}

/** One transaction, from the pool to its anchor. */
export function TransactionView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const reading = useReading(`tx ${subject}`, "", async (call) => ({
    transaction: await call<TransactionAnswer | null>("eth_getTransactionByHash", [subject]),
    receipt: await call<ReceiptAnswer | null>("eth_getTransactionReceipt", [subject]),
  }));
  const isWaiting = reading.kind === "done" && reading.value.receipt === null;
  // Until it is in a block, every block may be the one.
  const later = useReading(`tx ${subject}`, isWaiting ? (overview.fast.at(-1)?.number ?? 0) : "", async (call) =>
    isWaiting
      ? {
          transaction: await call<TransactionAnswer | null>("eth_getTransactionByHash", [subject]),
          receipt: await call<ReceiptAnswer | null>("eth_getTransactionReceipt", [subject]),
        }
      : null,
  );
  const shown = later.kind === "done" && later.value !== null ? { ...later, value: later.value } : reading;
  return (
    <>
      <h1>Transaction</h1>
      <Read reading={shown}>
        {({ transaction, receipt }) => {
          if (transaction === null) return <p role="status">This node knows no such transaction.</p>;
          const logs = receipt?.logs ?? [];
          return (
            <>
              <TransactionFacts transaction={transaction} receipt={receipt} />
              {transaction.blockNumber === null ? null : <GradePanel number={readNumber(transaction.blockNumber)} />}
              <Input transaction={transaction} />
              {logs.length === 0 ? null : (
                <Panel title={`Logs: ${logs.length}`} isWide>
                  <ol class="logs">
                    {logs.slice(0, LOGS_SHOWN).map((log) => (
                      <Log key={log.logIndex} log={log} />
                    ))}
                  </ol>
                </Panel>
              )}
              {receipt === null ? null : <CallTrace hash={transaction.hash} />}
            </>
          );
        }}
      </Read>
    </>
  );
}
