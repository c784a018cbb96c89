// A plan in words: what a run was given to go wrong.
import type { FaultPlan } from "../run/faultPlan.ts";

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export function describePlan(plan: FaultPlan): readonly string[] {
  const { members, links, strikes, faulty, dishonestMiners = new Map(), stopMs, endMs } = plan;
  const conditions = Object.entries(links).map(([name, value]) => `${name} ${Number(value.toFixed(3))}`);
  return [
    `${members} members, faults until ${seconds(stopMs)}, the end at ${seconds(endMs)}`,
    `links: ${conditions.join(", ")}`,
    ...[...faulty].map(([index, how]) => `member ${index}: ${how}`),
    ...[...dishonestMiners].map(([index, how]) => `miner ${index}: ${how}`),
    ...[...strikes]
      .sort((a, b) => a.atMs - b.atMs)
      .map(
        ({ kind, atMs, lengthMs, target }) => `${seconds(atMs)}: ${kind}, member ${target}, for ${seconds(lengthMs)}`,
      ),
  ];
}
