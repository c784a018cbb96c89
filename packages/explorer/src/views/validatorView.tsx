import type { JSX } from "preact";
import type { CommitteeAnswer, ExplanationAnswer } from "../data/answers.ts";
import { missedBy, readVotes } from "../data/votes.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { formatCount, formatPercent } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import type { ViewProps } from "../page/app.tsx";
import { useFeed, useReading } from "../page/context.ts";
import { Whole } from "../parts/copy.tsx";
import { Facts } from "../parts/facts.tsx";
import { Account } from "../parts/links.tsx";
import { Missing } from "../parts/missing.tsx";
import { Panel, Read } from "../parts/panel.tsx";
import { PayPanel } from "../parts/pay.tsx";
import { Table } from "../parts/table.tsx";
import { routeTo } from "../route/route.ts";
import { isAddress } from "../route/subject.ts";

const EPOCHS_MAX = 8;

/** One validator: seats, votes, support by fruits, pay. */
export function ValidatorView({ subject }: ViewProps): JSX.Element {
  const address = subject.toLowerCase();
  const { overview } = useFeed();
  const reading = useReading(`validator ${address}`, overview.status?.epoch ?? 0, async (call) => {
    if (!isAddress(address)) return null;
    const current = await call<CommitteeAnswer>("committee_get", ["current"]);
    const epoch = readNumber(current.epoch);
    const epochs = Array.from({ length: Math.min(EPOCHS_MAX, epoch + 1) }, (_, index) => epoch - index);
    const [committees, explained, head] = await Promise.all([
      Promise.all(epochs.map((each) => call<CommitteeAnswer | null>("committee_get", [`0x${each.toString(16)}`]))),
      call<ExplanationAnswer | null>("committee_explain", ["current"]).catch(() => null),
      call("eth_blockNumber").then(readNumber),
    ]);
    const member = current.members.findIndex((each) => each.address === address);
    const votes = member < 0 ? [] : await readVotes(call, current, head);
    return { current, member, votes, committees: committees.filter((each) => each !== null), explained };
  });
  const weight = overview.election?.weights.find((each) => each.address === address);
  return (
    <>
      <h1>Validator</h1>
      <Read reading={reading}>
        {(found) => {
          if (found === null)
            return (
              <Missing subject={subject}>Validators are asked for by their address: 0x and 40 hex digits.</Missing>
            );
          const { current, member, votes, committees, explained } = found;
          const sitting = current.members[member];
          const candidate = explained?.draw?.candidates.find((each) => each.address === address);
          const paidTo = sitting?.payout ?? address;
          return (
            <>
              <Panel title="Now" isWide>
                <Facts
                  facts={[
                    ["Address", <Account key="a" address={address} isWhole />],
                    [
                      "Seats",
                      sitting === undefined
                        ? "none in this epoch"
                        : `${sitting.seats} of ${current.totalSeats} (${formatPercent(sitting.seats / Math.max(1, current.totalSeats))})`,
                    ],
                    ["Paid to", sitting === undefined ? null : <Account key="p" address={sitting.payout} isWhole />],
                    [
                      "Voting key",
                      sitting === undefined ? null : <Whole key="k" text={sitting.publicKey} name="voting key" />,
                    ],
                    [
                      "Votes",
                      sitting === undefined
                        ? null
                        : `in ${votes.length - missedBy(votes, member)} of the last ${votes.length} certificates`,
                    ],
                    [
                      "Standing",
                      sitting?.slashed === true ? (
                        <span key="s" class="mark bad">
                          slashed
                        </span>
                      ) : (
                        "not slashed"
                      ),
                    ],
                    [
                      "Deposit at the last draw",
                      candidate === undefined ? null : formatCoins(readBigint(candidate.deposit)),
                    ],
                    ["Left out of the last draw", candidate?.excluded ?? null],
                    ["Fruits that support it in this window", weight === undefined ? "0" : formatCount(weight.fruits)],
                  ]}
                />
              </Panel>
              <Panel title="Seats by epoch" isWide>
                <Table
                  label="Seats by epoch"
                  columns={["Epoch", "Seats", "From block"]}
                  empty=""
                  rows={committees.map((committee) => ({
                    key: committee.epoch,
                    cells: [
                      <a key="e" href={routeTo("committee", readNumber(committee.epoch))}>
                        {readNumber(committee.epoch)}
                      </a>,
                      formatCount(committee.members.find((each) => each.address === address)?.seats ?? 0),
                      formatCount(readNumber(committee.firstBlock)),
                    ],
                  }))}
                />
              </Panel>
              <PayPanel address={paidTo} />
            </>
          );
        }}
      </Read>
    </>
  );
}
