// How final a block is, and by what: its certificate, then the snail block that anchors it, then that one's depth.
import type { JSX } from "preact";
import type { CertificateAnswer, CommitteeAnswer, FinalityAnswer, SnailAnswer } from "../data/answers.ts";
import { formatCount, formatMany } from "../format/formatNumber.ts";
import { readNumber } from "../format/readQuantity.ts";
import { useFeed, useReading } from "../page/context.ts";
import { HashLink, NumberLink } from "./links.tsx";
import { Panel, Read } from "./panel.tsx";

const FRUITS_SHOWN = 8;

interface Grade {
  readonly finality: FinalityAnswer | null;
  readonly certificate: CertificateAnswer | null;
  readonly committee: CommitteeAnswer | null;
  readonly snail: SnailAnswer | null;
}

function seatsOf({ signers }: CertificateAnswer, { members }: CommitteeAnswer): number {
  return signers.reduce((sum, index) => sum + (members[index]?.seats ?? 0), 0);
}

/** Fruits of that snail block which pin this block or a later one: they anchor it. */
function fruitsAbove(snail: SnailAnswer, number: number) {
  return snail.fruits.flatMap((fruit) =>
    typeof fruit !== "string" && readNumber(fruit.anchorNumber) >= number ? [fruit] : [],
  );
}

function Committed({ certificate, committee }: Grade): JSX.Element {
  if (certificate === null) return <p>The first block needs no certificate.</p>;
  return (
    <p>
      By {formatMany(certificate.signers.length, "member")}
      {committee === null ? "" : ` with ${seatsOf(certificate, committee)} of ${committee.totalSeats} seats`}, epoch{" "}
      {formatCount(readNumber(certificate.epoch))}, view {formatCount(readNumber(certificate.view))}; the certificate is
      that of block <NumberLink view="block" number={readNumber(certificate.blockNumber)} />.
    </p>
  );
}

function Anchored({ grade, number }: { readonly grade: Grade; readonly number: number }): JSX.Element {
  const { finality, snail } = grade;
  if (finality?.snailNumber === null || finality?.snailNumber === undefined)
    return <p>No snail block anchors it yet; fruits that pin it ripen.</p>;
  const fruits = snail === null ? [] : fruitsAbove(snail, number);
  return (
    <>
      <p>
        In snail block <NumberLink view="snail" number={readNumber(finality.snailNumber)} />, with{" "}
        {formatCount(readNumber(finality.depth))} above it.
      </p>
      {fruits.length === 0 ? null : (
        <p>
          Fruits that pin it or a block above it:{" "}
          {fruits.slice(0, FRUITS_SHOWN).map(({ hash }) => (
            <span key={hash}>
              <HashLink view="fruit" hash={hash} />{" "}
            </span>
          ))}
          {fruits.length > FRUITS_SHOWN ? `and ${fruits.length - FRUITS_SHOWN} more` : ""}
        </p>
      )}
    </>
  );
}

/** Read again whenever the snail chain moves. */
export function GradePanel({ number }: { readonly number: number }): JSX.Element {
  const { overview } = useFeed();
  const reading = useReading<Grade>(`grade ${number}`, overview.snail.at(-1)?.hash ?? "", async (call) => {
    const block = `0x${number.toString(16)}`;
    const [finality, certificate] = await Promise.all([
      call<FinalityAnswer | null>("festina_finality", [block]),
      call<CertificateAnswer | null>("committee_getCertificate", [block]),
    ]);
    const [committee, snail] = await Promise.all([
      certificate === null ? null : call<CommitteeAnswer | null>("committee_get", [certificate.epoch]),
      finality?.snailNumber ? call<SnailAnswer | null>("snail_getBlockByNumber", [finality.snailNumber, true]) : null,
    ]);
    return { finality, certificate, committee, snail };
  });
  return (
    <Panel title="Finality" isWide>
      <Read reading={reading}>
        {(grade) => {
          const isAnchored = grade.finality?.grade === "anchored";
          const isHeld = grade.finality?.snailNumber !== null;
          return (
            <ol class="grades">
              <li class="reached">
                <h3>Committed</h3>
                <Committed {...grade} />
              </li>
              <li class={isHeld ? "reached" : ""}>
                <h3>{isHeld ? "Held by a snail block" : "Not held by a snail block yet"}</h3>
                <Anchored grade={grade} number={number} />
              </li>
              <li class={isAnchored ? "reached" : ""}>
                <h3>{isAnchored ? "Anchored" : "Not anchored yet"}</h3>
                <p>
                  {isAnchored
                    ? "That snail block is buried: whoever would undo this has to redo its work."
                    : "Once that snail block is buried deep enough."}
                </p>
              </li>
            </ol>
          );
        }}
      </Read>
    </Panel>
  );
}
