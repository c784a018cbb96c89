import { bigintToBytes, toHash32 } from "@festina/primitives";
import type { Log } from "@festina/types";
import type { TracedStep } from "./tracer.ts";

const LOG0 = 0xa0;
const LOG4 = 0xa4;

/** The log that the instruction is going to write; `null` for other instructions and for one that is sure to fail. */
export function readLog(step: TracedStep, bytesMax: number): Log | null {
  const { opcode } = step;
  if (opcode < LOG0 || opcode > LOG4) return null;
  const topicCount = opcode - LOG0;
  if (step.stackHeight < topicCount + 2) return null;
  const [offset, length] = [step.peek(0), step.peek(1)];
  // What memory cannot reach cannot be paid for.
  if (length > BigInt(bytesMax) || offset > BigInt(Number.MAX_SAFE_INTEGER)) return null;
  const data = new Uint8Array(Number(length));
  data.set(step.memory().subarray(Number(offset), Number(offset) + data.length));
  const topics = Array.from({ length: topicCount }, (_, index) => toHash32(bigintToBytes(step.peek(2 + index), 32)));
  return { address: step.address, topics, data };
}
