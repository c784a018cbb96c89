import { describe, expect, it } from "@jest/globals";
import { encodeRefusal } from "../../src/peer/refusal.ts";
import { type RequestAnswer, RequestTable } from "../../src/peer/requestTable.ts";
import { VirtualClock } from "../virtualClock.ts";

function setUp(capacity = 4) {
  const clock = new VirtualClock();
  const table = new RequestTable(clock, capacity);
  const answers: RequestAnswer[] = [];
  const open = (timeoutMs = 100): bigint => table.open("getFastBlocks", timeoutMs, (answer) => answers.push(answer));
  return { clock, table, answers, open };
}

const payload = Uint8Array.of(1);

describe("RequestTable", () => {
  it("gives each answer to its own request, in any order", () => {
    const { table, answers, open } = setUp();
    const [first, second] = [open(), open()];
    expect(table.onReply({ type: "fastBlocks", requestId: second, payload: Uint8Array.of(2) })).toBeNull();
    expect(table.onReply({ type: "fastBlocks", requestId: first, payload: Uint8Array.of(1) })).toBeNull();
    expect(answers).toEqual([
      { ok: true, value: Uint8Array.of(2) },
      { ok: true, value: Uint8Array.of(1) },
    ]);
  });

  it("times out once, at its time, and then takes the answer for late", async () => {
    const { clock, table, answers, open } = setUp();
    const id = open(100);
    await clock.advance(99);
    expect(answers).toEqual([]);
    await clock.advance(1);
    expect(answers).toMatchObject([{ ok: false, error: { code: "TIMEOUT" } }]);
    expect(table.onReply({ type: "fastBlocks", requestId: id, payload })).toBe("REPLY_LATE");
    expect(answers).toHaveLength(1);
  });

  it("tells late from unsolicited from wrong", () => {
    const { table, answers, open } = setUp();
    const id = open();
    expect(table.onReply({ type: "fastBlocks", requestId: id + 1n, payload })).toBe("REPLY_UNSOLICITED");
    expect(table.onReply({ type: "fastBlocks", requestId: 0n, payload })).toBe("REPLY_UNSOLICITED");
    expect(table.onReply({ type: "snailBlocks", requestId: id, payload })).toBe("REPLY_TYPE_WRONG");
    expect(answers).toEqual([]);
    table.onReply({ type: "fastBlocks", requestId: id, payload });
    expect(table.onReply({ type: "fastBlocks", requestId: id, payload })).toBe("REPLY_LATE");
  });

  it("passes refusals on, unknown reasons and garbage too", () => {
    const { table, answers, open } = setUp();
    for (const refusal of [encodeRefusal("NOT_FOUND"), Uint8Array.of(250), new Uint8Array(0)]) {
      expect(table.onReply({ type: "refused", requestId: open(), payload: refusal })).toBeNull();
    }
    expect(answers.map((answer) => (answer.ok ? "" : answer.error.facts?.["reason"]))).toEqual([
      "NOT_FOUND",
      "FAILED",
      "FAILED",
    ]);
  });

  it("is full at its capacity, and leaves no timer behind when it closes", () => {
    const { clock, table, answers, open } = setUp(2);
    open();
    expect(table.isFull).toBe(false);
    open();
    expect(table.isFull).toBe(true);
    table.closeAll();
    expect(answers.map((answer) => !answer.ok && answer.error.code)).toEqual(["PEER_GONE", "PEER_GONE"]);
    expect(clock.timers).toHaveLength(0);
  });
});
