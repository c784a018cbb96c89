// Every run on two engines: what differs between them stops the node, because a chain would fork there.
import { bytesToHex, InvariantError } from "@festina/primitives";
import type { Engine, EngineOutcome } from "../engine.ts";
import type { StateView } from "../ports.ts";
import type { EngineCase } from "./engineCase.ts";
import type { StateReading } from "./recordingView.ts";
import { type RecordedRun, recordRun } from "./recordRun.ts";

/** Two engines of ours disagree: nobody goes on from here. */
export class EngineDifferenceError extends InvariantError {}

interface Finished {
  readonly record: RecordedRun["record"];
  readonly outcome: EngineOutcome;
  /** Of all that it met, afterwards. */
  readonly state: StateReading;
}

/**
 * Answers as `judge` does, once `engine` has done the same on the same view: gas, output, logs, refund, creations,
 * destructions, and every account and slot that either has met. The two are called one after the other.
 *
 * @throws EngineDifferenceError when they differ; the view is then as before
 */
export function createCheckedEngine(engine: Engine, judge: Engine, onDifference: (saved: EngineCase) => void): Engine {
  return {
    ...engine,
    name: `${engine.name} checked by ${judge.name}`,
    async run(call, view, block): Promise<EngineOutcome> {
      const first = await finish(recordRun(engine, call, view, block), view, "takeBack");
      const begun = recordRun(judge, call, view, block);
      const second = await finish(begun, view, "keep");
      const differences = [...outcomeDifferences(first.outcome, second.outcome), ...stateDifferences(first, second)];
      if (differences.length === 0) {
        view.commit();
        return second.outcome;
      }
      view.revert();
      const saved = begun.toCase(`${engine.name} and ${judge.name} differ in ${differences.join(", ")}`);
      onDifference(saved);
      throw new EngineDifferenceError(saved.reason);
    },
  };
}

/** Within a checkpoint, which stays open when what was done is to be kept. */
async function finish(run: RecordedRun, view: StateView, then: "keep" | "takeBack"): Promise<Finished> {
  view.checkpoint();
  try {
    const outcome = await run.run();
    const state = run.record.after();
    if (then === "takeBack") view.revert();
    return { record: run.record, outcome, state };
  } catch (error) {
    view.revert();
    throw error;
  }
}

/** Why code halted is told in more words than the protocol knows. */
function outcomeDifferences(first: EngineOutcome, second: EngineOutcome): readonly string[] {
  const [one, other] = [describeOutcome(first), describeOutcome(second)];
  return Object.keys({ ...one, ...other }).filter((name) => one[name] !== other[name]);
}

function describeOutcome(outcome: EngineOutcome): Readonly<Record<string, string>> {
  const { kind } = outcome;
  if (kind === "halt") return { kind };
  const common = { kind, gasLeft: `${outcome.gasLeft}`, output: bytesToHex(outcome.output) };
  if (kind === "revert") return common;
  const { gasRefund, logs, createdAddress, selfDestructed, burnedWei } = outcome;
  return {
    ...common,
    gasRefund: `${gasRefund}`,
    logs: logs.map(({ address, topics, data }) => `${address} ${topics.join(" ")} ${bytesToHex(data)}`).join("; "),
    createdAddress: `${createdAddress}`,
    selfDestructed: [...selfDestructed].sort().join(" "),
    burnedWei: `${burnedWei}`,
  };
}

/** What only one of them has met, the other has left as it was. */
function stateDifferences(first: Finished, second: Finished): readonly string[] {
  const places = new Set([...first.state.keys(), ...second.state.keys()]);
  const [metFirst, metSecond] = [first.record.before(), second.record.before()];
  return [...places].filter((place) => {
    const one = first.state.get(place) ?? metSecond.get(place);
    const other = second.state.get(place) ?? metFirst.get(place);
    return one !== other;
  });
}
