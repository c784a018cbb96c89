import type { ExecutedBlock } from "@festina/fastchain";
import { describe, expect, it } from "@jest/globals";
import { CommittedLog } from "../../src/chain/committedLog.ts";

let nowMs = 1_000;

function tellAll(blocks: readonly (readonly [atMs: number, number: number, transactions: number])[]): string[] {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push(`${level} ${event} ${facts["number"] ?? facts["epoch"]}`);
  const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const committed = new CommittedLog(log, () => nowMs);
  for (const [atMs, number, transactions] of blocks) {
    nowMs = atMs;
    const block = {
      header: { number, gasUsed: 0n },
      hash: "0x00",
      transactions: Array(transactions).fill({}),
      requests: { handover: number === 9 ? { epoch: 2, members: [{ seats: 60 }, { seats: 40 }] } : null },
    };
    const election = number === 8 ? { phase: "frozen", frozenHeight: 8, epoch: 2 } : { phase: "collecting" };
    committed.tell({ block, hybrid: { election } } as unknown as ExecutedBlock, null);
  }
  return lines;
}

describe("the log of final blocks", () => {
  it("tells of empty blocks four times a second at most, and of all others", () => {
    expect(
      tellAll([
        [1_000, 1, 0],
        [1_010, 2, 0],
        [1_020, 3, 2],
        [1_030, 4, 1],
        [1_270, 5, 0],
        [1_281, 6, 0],
        [1_290, 7, 0],
      ]),
    ).toEqual([
      "info blockCommitted 1",
      "debug blockCommitted 2",
      "info blockCommitted 3",
      "info blockCommitted 4",
      "debug blockCommitted 5",
      "info blockCommitted 6",
      "debug blockCommitted 7",
    ]);
  });

  it("tells of all blocks of an idle chain, and of every election and handover", () => {
    expect(
      tellAll([
        [1_000, 7, 0],
        [2_000, 8, 0],
        [2_001, 9, 0],
      ]),
    ).toEqual([
      "info blockCommitted 7",
      "info blockCommitted 8",
      "info electionFrozen 8",
      "debug blockCommitted 9",
      "info handover 2",
    ]);
  });
});
