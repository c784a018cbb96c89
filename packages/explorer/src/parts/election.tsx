import type { JSX } from "preact";
import type { ElectionAnswer, ExplanationAnswer } from "../data/answers.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { formatCount, formatPercent, formatShort } from "../format/formatNumber.ts";
import { formatTime } from "../format/formatTime.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import { useFeed, useReading } from "../page/context.ts";
import { Facts } from "./facts.tsx";
import { NumberLink, Validator } from "./links.tsx";
import { Panel, Read } from "./panel.tsx";
import { Table } from "./table.tsx";

const PHASES: Readonly<Record<ElectionAnswer["phase"], string>> = {
  collecting: "Fruits are counted",
  frozen: "The window is closed, the candidates are fixed; the seed is to come",
  seeded: "The seed is known; the first block late enough hands over",
};

function Weights({ election }: { readonly election: ElectionAnswer }): JSX.Element {
  const total = election.weights.reduce((sum, { weight }) => sum + readBigint(weight), 0n);
  return (
    <Table
      label="Weights of the window so far"
      columns={["Validator", "Fruits", "Share of the work"]}
      empty="No fruit of the window names a validator yet."
      rows={election.weights.slice(0, 100).map(({ address, fruits, weight }) => {
        const share = total === 0n ? 0 : Number((readBigint(weight) * 10_000n) / total) / 10_000;
        return {
          key: address,
          cells: [
            <Validator key="a" address={address} />,
            formatCount(fruits),
            <span key="s">
              <meter min={0} max={1} value={share} aria-label={`share of ${address}`} /> {formatPercent(share)}
            </span>,
          ],
        };
      })}
    />
  );
}

/** The next election, its window filling. */
export function NextElection(): JSX.Element {
  const { election } = useFeed().overview;
  if (election === null)
    return (
      <Panel title="Next election" isWide>
        <p>This chain elects nobody: its committee is given by the chain spec.</p>
      </Panel>
    );
  const [first, last, at] = [election.window.first, election.window.last, election.snailNumber].map(readNumber) as [
    number,
    number,
    number,
  ];
  const filled = Math.max(0, Math.min(last, at) - first + 1);
  const frozenFrom = readNumber(election.frozenFrom);
  return (
    <Panel title={`Next election: epoch ${formatCount(readNumber(election.epoch))}`} isWide>
      <p>{PHASES[election.phase] ?? election.phase}.</p>
      <label class="filling">
        Window: snail blocks {formatCount(first)} to {formatCount(last)}, {filled} of {last - first + 1} are there
        <progress max={last - first + 1} value={filled} />
      </label>
      <Facts
        facts={[
          [
            "Candidates are fixed",
            election.frozenHeight === null ? (
              `when a fast block points to snail block ${formatCount(frozenFrom)} (now ${formatCount(at)})`
            ) : (
              <NumberLink key="n" view="block" number={readNumber(election.frozenHeight)} />
            ),
          ],
          [
            "Hands over after",
            election.handoverAfterMs === null ? null : `${formatTime(readNumber(election.handoverAfterMs))} UTC`,
          ],
        ]}
      />
      <Weights election={election} />
    </Panel>
  );
}

/** How the committee of an epoch came to its seats. */
export function DrawPanel({ epoch }: { readonly epoch: number }): JSX.Element {
  const reading = useReading(`draw ${epoch}`, 0, (call) =>
    call<ExplanationAnswer | null>("committee_explain", [`0x${epoch.toString(16)}`]),
  );
  return (
    <Panel title="How it came to its seats" isWide>
      <Read reading={reading}>
        {(explained) => {
          const draw = explained?.draw ?? null;
          if (draw === null) return <p>Its seats come from the chain spec ({explained?.outcome ?? "unknown"}).</p>;
          return (
            <>
              <p>
                {explained?.outcome === "sittingStays" ? "Too few could be seated, so who sat stayed. " : ""}
                Fruits of snail blocks {formatCount(readNumber(draw.window.first))} to{" "}
                {formatCount(readNumber(draw.window.last))}, candidates as of block{" "}
                <NumberLink view="block" number={readNumber(draw.frozenHeight)} />.
              </p>
              <Table
                label="Candidates"
                columns={["Candidate", "Deposit", "Weight", "Seats", "Left out because"]}
                empty="Nobody stood."
                rows={draw.candidates.slice(0, 200).map(({ address, deposit, weight, seats, excluded }) => ({
                  key: address,
                  cells: [
                    <Validator key="a" address={address} />,
                    formatCoins(readBigint(deposit)),
                    formatShort(Number(readBigint(weight))),
                    formatCount(seats),
                    excluded ?? "",
                  ],
                }))}
              />
            </>
          );
        }}
      </Read>
    </Panel>
  );
}
