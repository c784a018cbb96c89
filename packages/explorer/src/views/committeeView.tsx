import type { JSX } from "preact";
import type { CommitteeAnswer, StatusAnswer } from "../data/answers.ts";
import { formatCount, formatPercent } from "../format/formatNumber.ts";
import { formatSpan } from "../format/formatTime.ts";
import { readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { DrawPanel, NextElection } from "../parts/election.tsx";
import { Account } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { Table } from "../parts/table.tsx";
import { VotesPanel } from "../parts/votes.tsx";
import { routeTo } from "../route/route.ts";

function stateOf(address: string, isSlashed: boolean, status: StatusAnswer | null): JSX.Element {
  if (isSlashed) return <span class="mark bad">slashed</span>;
  const missing = status?.missing.find((member) => member.address === address);
  if (missing === undefined) return <span class="mark good">votes</span>;
  return <span class="mark bad">silent{missing.silentMs === null ? "" : ` for ${formatSpan(missing.silentMs)}`}</span>;
}

function Members({ committee }: { readonly committee: CommitteeAnswer }): JSX.Element {
  const { status } = useFeed().overview;
  const isSitting = committee.lastBlock === null;
  return (
    <Panel title="Members" isWide>
      <p>
        Since block {formatCount(readNumber(committee.firstBlock))}
        {committee.lastBlock === null ? "" : ` until block ${formatCount(readNumber(committee.lastBlock))}`};{" "}
        {committee.quorumSeats} of {committee.totalSeats} seats make a block final.
        {isSitting && status !== null ? ` Now: ${status.doing}.` : ""}
      </p>
      <Table
        label="Members"
        columns={["Member", "Seats", "Share", "Paid to", "State"]}
        empty="Nobody sits."
        rows={committee.members.map(({ address, seats, payout, slashed }) => ({
          key: address,
          cells: [
            <a key="a" class="hash" href={routeTo("validator", address)}>
              {address}
            </a>,
            formatCount(seats),
            formatPercent(seats / Math.max(1, committee.totalSeats)),
            <Account key="p" address={payout} />,
            isSitting ? stateOf(address, slashed === true, status) : slashed === true ? "slashed" : "",
          ],
        }))}
      />
    </Panel>
  );
}

/** The committee of an epoch, or the one that sits, with its votes and the election that follows. */
export function CommitteeView({ subject }: ViewProps): JSX.Element {
  const { overview } = useFeed();
  const isOfEpoch = /^\d{1,12}$/.test(subject);
  const asked = isOfEpoch ? `0x${Number(subject).toString(16)}` : "current";
  const reading = useReading(`committee ${asked}`, overview.status?.epoch ?? 0, (call) =>
    call<CommitteeAnswer | null>("committee_get", [asked]),
  );
  const epoch = isOfEpoch ? Number(subject) : (overview.status?.epoch ?? 0);
  return (
    <>
      <h1>Committee of epoch {formatCount(epoch)}</h1>
      <Read reading={reading}>
        {(committee) =>
          committee === null ? (
            <Missing subject={subject}>
              That epoch has not begun. <a href={routeTo("committee")}>Who sits now</a>
            </Missing>
          ) : (
            <>
              <p class="wide siblings" hidden={epoch === 0 && committee.lastBlock === null}>
                {epoch > 0 ? <a href={routeTo("committee", epoch - 1)}>Epoch before</a> : null}{" "}
                {committee.lastBlock === null ? null : <a href={routeTo("committee", epoch + 1)}>Epoch after</a>}
              </p>
              <Members committee={committee} />
              <VotesPanel committee={committee} />
              {committee.lastBlock === null ? <NextElection /> : null}
              <DrawPanel epoch={readNumber(committee.epoch)} />
            </>
          )
        }
      </Read>
    </>
  );
}
