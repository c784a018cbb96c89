import type { JSX } from "preact";
import type { CommitteeAnswer } from "../data/answers.ts";
import { missedBy, readVotes, type VoteRow } from "../data/votes.ts";
import { formatCount } from "../format/formatNumber.ts";
import { readNumber } from "../format/readQuantity.ts";
import { useFeed, useReading } from "../page/context.ts";
import { routeTo } from "../route/route.ts";
import { Panel, Read } from "./panel.tsx";
import { Table } from "./table.tsx";

/** A square for each of the last blocks: filled where the vote is in the certificate. */
function Squares({ rows, member }: { readonly rows: readonly VoteRow[]; readonly member: number }): JSX.Element {
  return (
    <span class="squares" aria-hidden="true">
      {[...rows].reverse().map(({ number, signers }) => (
        <span key={number} class={signers.has(member) ? "square" : "square missed"} title={`block ${number}`} />
      ))}
    </span>
  );
}

export function VotesPanel({ committee }: { readonly committee: CommitteeAnswer }): JSX.Element {
  const { overview } = useFeed();
  const head = overview.fast.at(-1)?.number ?? 0;
  // Once in four blocks is often enough to look alive.
  const version = committee.lastBlock === null ? Math.floor(head / 4) : 0;
  const reading = useReading(`votes ${committee.epoch}`, version, async (call) =>
    readVotes(call, committee, readNumber(await call("eth_blockNumber"))),
  );
  return (
    <Panel title="Votes of the last blocks" isWide>
      <Read reading={reading}>
        {(rows) => (
          <>
            <Table
              label="Votes of the last blocks"
              columns={["Member", "Seats", "In certificates", "Left out", "Oldest to newest"]}
              empty="Nobody sits."
              rows={committee.members.map(({ address, seats }, member) => {
                const missed = missedBy(rows, member);
                return {
                  key: address,
                  cells: [
                    <a key="a" class="hash" href={routeTo("validator", address)} title={address}>
                      {address.slice(0, 10)}…
                    </a>,
                    formatCount(seats),
                    formatCount(rows.length - missed),
                    formatCount(missed),
                    <Squares key="s" rows={rows} member={member} />,
                  ],
                };
              })}
            />
            <p class="quiet">
              A certificate is complete with {committee.quorumSeats} of {committee.totalSeats} seats; a vote that comes
              later is left out of it.
            </p>
          </>
        )}
      </Read>
    </Panel>
  );
}
