import { concatBytes, encodeRlp, rlpInteger } from "@festina/primitives";
import { describe, expect, it } from "@jest/globals";
import {
  checkSigning,
  decodeSigningRecord,
  EMPTY_SIGNING_RECORD,
  encodeSigningRecord,
  type SigningRecord,
} from "../../src/index.ts";
import { hashOf } from "./member.ts";

const A = hashOf("a");
const B = hashOf("b");
const RECORD: SigningRecord = { epoch: 3, view: 7, proposed: A, prepared: null, committed: B, viewChanged: false };

type Asked = "prePrepare" | "prepare" | "commit" | "viewChange";

/** What checkSigning says: "ok", or why not. */
function ask(record: SigningRecord, kind: Asked, epoch: number, view: number, blockHash = A): string {
  const checked =
    kind === "viewChange"
      ? checkSigning(record, { kind, epoch, view })
      : checkSigning(record, { kind, epoch, view, blockHash });
  return checked.ok ? "ok" : checked.error.code;
}

const after = (kind: Asked, blockHash = A): SigningRecord => {
  const base = { ...EMPTY_SIGNING_RECORD, epoch: 3, view: 7 };
  const checked =
    kind === "viewChange"
      ? checkSigning(base, { kind, epoch: 3, view: 7 })
      : checkSigning(base, { kind, epoch: 3, view: 7, blockHash });
  if (!checked.ok) throw new Error(checked.error.message);
  return checked.value;
};

describe("what a record allows", () => {
  it.each(["prePrepare", "prepare", "commit"] as const)(
    "%s: one block per view, the same again as often as asked",
    (kind) => {
      const record = after(kind);
      expect(ask(record, kind, 3, 7, A)).toBe("ok");
      expect(ask(record, kind, 3, 7, B)).toBe("SIGNING_TWICE");
      expect(ask(record, kind, 3, 8, B)).toBe("ok");
      expect(ask(record, kind, 4, 1, B)).toBe("ok");
    },
  );

  it("a proposal is its leader's PREPARE: for one block, and not after a VIEW-CHANGE", () => {
    expect(after("prePrepare")).toMatchObject({ proposed: A, prepared: A });
    expect(ask(after("prePrepare"), "prepare", 3, 7, B)).toBe("SIGNING_TWICE");
    expect(ask(after("prepare"), "prePrepare", 3, 7, B)).toBe("SIGNING_TWICE");
    expect(ask(after("viewChange"), "prePrepare", 3, 7)).toBe("SIGNING_AFTER_VIEW_CHANGE");
  });

  it("nothing of an older view or epoch, whatever its kind", () => {
    for (const kind of ["prePrepare", "prepare", "commit", "viewChange"] as const) {
      expect(ask(RECORD, kind, 3, 6)).toBe("SIGNING_OLD_VIEW");
      expect(ask(RECORD, kind, 2, 7)).toBe("SIGNING_OLD_EPOCH");
      expect(ask(RECORD, kind, 2, 100)).toBe("SIGNING_OLD_EPOCH");
    }
  });

  it("a VIEW-CHANGE or a COMMIT in one view, not both", () => {
    expect(ask(after("commit"), "viewChange", 3, 7)).toBe("SIGNING_AFTER_COMMIT");
    expect(ask(after("viewChange"), "commit", 3, 7)).toBe("SIGNING_AFTER_VIEW_CHANGE");
    expect(ask(after("viewChange"), "prepare", 3, 7)).toBe("SIGNING_AFTER_VIEW_CHANGE");
    expect(ask(after("viewChange"), "viewChange", 3, 7)).toBe("ok");
    expect(ask(after("prepare"), "viewChange", 3, 7)).toBe("ok");
    // A later view knows nothing of that.
    expect(ask(after("commit"), "viewChange", 3, 8)).toBe("ok");
    expect(ask(after("viewChange"), "commit", 3, 8)).toBe("ok");
  });

  it("keeps what was signed in the view, and forgets it with the view", () => {
    const prepared = after("prepare");
    expect(prepared).toEqual({ ...EMPTY_SIGNING_RECORD, epoch: 3, view: 7, prepared: A });
    const committed = checkSigning(prepared, { kind: "commit", epoch: 3, view: 7, blockHash: A });
    expect(committed).toMatchObject({ ok: true, value: { prepared: A, committed: A } });
    const next = checkSigning(prepared, { kind: "commit", epoch: 3, view: 8, blockHash: B });
    expect(next).toEqual({ ok: true, value: { ...EMPTY_SIGNING_RECORD, epoch: 3, view: 8, committed: B } });
    const epoch = checkSigning(prepared, { kind: "viewChange", epoch: 4, view: 7 });
    expect(epoch).toEqual({ ok: true, value: { ...EMPTY_SIGNING_RECORD, epoch: 4, view: 7, viewChanged: true } });
  });
});

describe("the record as bytes", () => {
  it.each([
    EMPTY_SIGNING_RECORD,
    RECORD,
    { ...RECORD, prepared: B, viewChanged: true },
    { ...EMPTY_SIGNING_RECORD, epoch: 1, view: 2 ** 40 },
  ])("comes back", (record) => {
    expect(decodeSigningRecord(encodeSigningRecord(record))).toEqual({ ok: true, value: record });
  });

  it("is not made of anything else", () => {
    const fields = (hash: Uint8Array, changed: number) =>
      encodeRlp([rlpInteger(1), rlpInteger(2), hash, new Uint8Array(0), new Uint8Array(0), rlpInteger(changed)]);
    expect(decodeSigningRecord(fields(new Uint8Array(32), 1)).ok).toBe(true);
    for (const bytes of [
      new Uint8Array(0),
      fields(new Uint8Array(31), 0),
      fields(new Uint8Array(33), 0),
      fields(new Uint8Array(1), 0),
      fields(new Uint8Array(32), 2),
      encodeRlp([rlpInteger(1)]),
      concatBytes(encodeSigningRecord(RECORD), new Uint8Array(1)),
      encodeSigningRecord(RECORD).subarray(0, -1),
    ])
      expect(decodeSigningRecord(bytes)).toMatchObject({ ok: false, error: { code: "DECODE_INVALID" } });
  });
});
