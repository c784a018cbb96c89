import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readLog, readSelected } from "../abi/readWithAbi.ts";
import type { BlockAnswer, LogAnswer, ReceiptAnswer, TransactionAnswer } from "../data/answers.ts";
import { toFastRow } from "../data/overview.ts";
import { formatCoins, formatGwei } from "../format/formatAmount.ts";
import { formatCount } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import { abisOf } from "../page/abis.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Moment } from "../parts/age.tsx";
import { CallTrace } from "../parts/callTrace.tsx";
import { Whole } from "../parts/copy.tsx";
import { Facts } from "../parts/facts.tsx";
import { GradePanel } from "../parts/grade.tsx";
import { Account, NumberLink } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Outcome } from "../parts/outcome.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { WordedValues } from "../parts/worded.tsx";
import { isHash } from "../route/subject.ts";

const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: "legacy",
  1: "with an access list (2930)",
  2: "with priority fee (1559)",
  4: "sets code of accounts (7702)",
  84: "sponsored (0x54)",
};
const LOGS_SHOWN = 100;
const DATA_SHOWN = 4_000;

function TransactionFacts(props: {
  readonly transaction: TransactionAnswer;
  readonly receipt: ReceiptAnswer | null;
  readonly timeMs: number | null;
}): JSX.Element {
  const { transaction, receipt, timeMs } = props;
  const paidWei = receipt === null ? null : readBigint(receipt.gasUsed) * readBigint(receipt.effectiveGasPrice);
  const type = readNumber(transaction.type);
  return (
    <Panel title="Transaction" isWide aside={<Outcome receipt={receipt} />}>
      <Facts
        facts={[
          ["Hash", <Whole key="h" text={transaction.hash} name="hash" />],
          [
            "Block",
            transaction.blockNumber === null ? null : (
              <NumberLink key="b" view="block" number={readNumber(transaction.blockNumber)} />
            ),
          ],
          ["Time", timeMs === null ? null : <Moment key="m" ms={timeMs} />],
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
  const [isSettled, setIsSettled] = useState(false);
  // Until it is in a block, every block may be the one.
  const version = isSettled ? "" : (overview.fast.at(-1)?.number ?? 0);
  const reading = useReading(`tx ${subject}`, version, async (call) => {
    if (!isHash(subject)) return { transaction: null, receipt: null, timeMs: null };
    const [transaction, receipt] = await Promise.all([
      call<TransactionAnswer | null>("eth_getTransactionByHash", [subject]),
      call<ReceiptAnswer | null>("eth_getTransactionReceipt", [subject]),
    ]);
    const number = transaction?.blockNumber ?? null;
    const block = number === null ? null : await call<BlockAnswer | null>("eth_getBlockByNumber", [number, false]);
    setIsSettled(receipt !== null);
    return { transaction, receipt, timeMs: block === null ? null : toFastRow(block, null).timeMs };
  });
  return (
    <>
      <h1>Transaction</h1>
      <Read reading={reading}>
        {({ transaction, receipt, timeMs }) => {
          if (transaction === null)
            return (
              <Missing subject={subject}>
                {isHash(subject)
                  ? "This node knows no such transaction. One that was just sent elsewhere may still come; it is shown then."
                  : "Transactions are asked for by their hash: 0x and 64 hex digits."}
              </Missing>
            );
          const logs = receipt?.logs ?? [];
          return (
            <>
              <TransactionFacts transaction={transaction} receipt={receipt} timeMs={timeMs} />
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
