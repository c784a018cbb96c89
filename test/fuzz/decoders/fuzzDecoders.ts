// The loop: a decoder, a valid encoding of it, a change. Everything follows from the seed and the number of the batch.
import { createPrng, equalBytes, type Prng } from "@festina/primitives";
import type { Subject } from "./subject.ts";

export interface DecoderCounts {
  inputs: number;
  accepted: number;
  /** By the decoder's name. */
  readonly bySubject: Record<string, { inputs: number; accepted: number }>;
  findings: number;
}

export interface Finding {
  readonly subject: string;
  readonly batch: number;
  /** What went wrong: the decoder threw, took too long, or took what encodes to something else. */
  readonly fault: string;
  readonly input: string;
}

export const BATCH_INPUTS = 1_000;
/** Of this process's own time, for the machine may be busy elsewhere; looked at where the clock shows as much. */
const SLOW_MS = 1_000;
const MIX = 0x9e3779b1;

export function nothingCounted(): DecoderCounts {
  return { inputs: 0, accepted: 0, bySubject: {}, findings: 0 };
}

function elapsedMs(action: () => void): number {
  const begunMs = performance.now();
  action();
  return performance.now() - begunMs;
}

function ownMs(action: () => void): number {
  const begun = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** `null`: as it should be. */
function faultOf(subject: Subject, input: Uint8Array | string, onAccepted: () => void): string | null {
  const { slowMs = SLOW_MS } = subject;
  try {
    let verdict: ReturnType<Subject["decode"]> = { ok: false };
    const run = (): void => {
      verdict = subject.decode(input as never);
    };
    if (elapsedMs(run) > slowMs && ownMs(run) > slowMs) return `slower than ${slowMs} ms`;
    if (!verdict.ok) return null;
    onAccepted();
    const again = verdict.encoded?.();
    if (again === undefined || typeof input === "string" || equalBytes(again, input)) return null;
    return "what decodes encodes to other bytes";
  } catch {
    return `threw ${stackOf(() => subject.decode(input as never).encoded?.())}`;
  }
}

/** Of what is thrown now. */
function stackOf(action: () => unknown): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 10;
  try {
    action();
    return "once, and not again";
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function drawInput(subject: Subject, subjects: readonly Subject[], prng: Prng): Uint8Array | string {
  const seed = subject.seeds[prng.below(subject.seeds.length)] as Uint8Array | string;
  const stranger = subjects[prng.below(subjects.length)]?.seeds[0] ?? "";
  return subject.mutate(seed as never, typeof stranger === "string" ? new Uint8Array(0) : stranger, prng);
}

/** One batch; the decoders take turns. */
export function fuzzBatch(
  subjects: readonly Subject[],
  seed: number,
  batch: number,
  counts: DecoderCounts,
  onFinding: (finding: Finding) => void,
): void {
  const prng = createPrng((Math.imul(seed, MIX) + batch) >>> 0);
  const limit = Error.stackTraceLimit;
  // Refusals are made of errors inside, and their stacks are most of what they cost.
  Error.stackTraceLimit = 0;
  for (let index = 0; index < BATCH_INPUTS; index++) {
    const subject = subjects[(batch * BATCH_INPUTS + index) % subjects.length] as Subject;
    if (subject.share !== undefined && prng.below(1_000) >= 1_000 * subject.share) continue;
    const input = drawInput(subject, subjects, prng);
    counts.bySubject[subject.name] ??= { inputs: 0, accepted: 0 };
    const counted = counts.bySubject[subject.name] as { inputs: number; accepted: number };
    counted.inputs += 1;
    counts.inputs += 1;
    const fault = faultOf(subject, input, () => {
      counted.accepted += 1;
      counts.accepted += 1;
    });
    if (fault === null) continue;
    counts.findings += 1;
    const text = typeof input === "string" ? input : `0x${Buffer.from(input).toString("hex")}`;
    onFinding({ subject: subject.name, batch, fault, input: text });
  }
  Error.stackTraceLimit = limit;
}
