import type { JSX } from "preact";
import { readSelected } from "../abi/readWithAbi.ts";
import type { CallFrame } from "../data/answers.ts";
import { formatCoins } from "../format/formatAmount.ts";
import { cleanText, shortHash } from "../format/formatHash.ts";
import { formatCount } from "../format/formatNumber.ts";
import { readBigint, readNumber } from "../format/readQuantity.ts";
import { abisOf } from "../page/abis.ts";
import { useReading } from "../page/context.ts";
import { Account } from "./links.tsx";
import { Panel, Read } from "./panel.tsx";

const DEPTH_MAX = 24;
const CALLS_SHOWN = 40;

function called({ to, input, type }: CallFrame): string {
  if (type.startsWith("CREATE")) return "new contract";
  if (input === undefined || input === "0x") return "";
  const worded = readSelected(abisOf(to), "functions", input);
  return worded === null ? shortHash(input.slice(0, 10)) : cleanText(worded.signature);
}

function failure({ error, revertReason, output, to }: CallFrame): string {
  if (error === undefined) return "";
  const worded = output === undefined ? null : readSelected(abisOf(to), "errors", output);
  return cleanText([error, revertReason ?? worded?.name ?? ""].filter((part) => part !== "").join(": "));
}

function Frame({ frame, depth }: { readonly frame: CallFrame; readonly depth: number }): JSX.Element {
  const calls = frame.calls ?? [];
  const value = readBigint(frame.value);
  const error = failure(frame);
  return (
    <li>
      <p>
        <strong>{cleanText(frame.type)}</strong> <Account address={frame.to ?? null} /> <code>{called(frame)}</code>{" "}
        {value === 0n ? "" : formatCoins(value)} <span class="quiet">{formatCount(readNumber(frame.gasUsed))} gas</span>{" "}
        {error === "" ? null : <span class="mark bad">{error}</span>}
      </p>
      {calls.length === 0 ? null : depth >= DEPTH_MAX ? (
        <p class="quiet">Deeper calls are not shown.</p>
      ) : (
        <ul>
          {calls.slice(0, CALLS_SHOWN).map((inner, index) => (
            <Frame key={index} frame={inner} depth={depth + 1} />
          ))}
          {calls.length > CALLS_SHOWN ? <li class="quiet">and {calls.length - CALLS_SHOWN} more</li> : null}
        </ul>
      )}
    </li>
  );
}

/** Which contract called which, as the node runs the transaction again. */
export function CallTrace({ hash }: { readonly hash: string }): JSX.Element {
  const reading = useReading(`trace ${hash}`, 0, (call) =>
    call<CallFrame>("debug_traceTransaction", [hash, { tracer: "callTracer" }]),
  );
  return (
    <Panel title="Calls" isWide>
      <Read reading={reading}>
        {(frame) => (
          <ul class="calls">
            <Frame frame={frame} depth={0} />
          </ul>
        )}
      </Read>
    </Panel>
  );
}
