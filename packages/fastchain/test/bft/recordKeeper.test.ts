import type { Hash32 } from "@festina/primitives";
import { beforeEach, describe, expect, it } from "@jest/globals";
import {
  EMPTY_SIGNING_RECORD,
  RecordKeeper,
  type SigningRecord,
  type SigningRequest,
  UNKNOWN_BLOCK,
} from "../../src/index.ts";

const A = `0x${"aa".repeat(32)}` as Hash32;
const B = `0x${"bb".repeat(32)}` as Hash32;

const request = (kind: "prePrepare" | "prepare" | "commit", view: number, blockHash = A): SigningRequest => ({
  kind,
  epoch: 1,
  view,
  blockHash,
});
const viewChange = (view: number): SigningRequest => ({ kind: "viewChange", epoch: 1, view });

let disk: {
  current: SigningRecord;
  saves: number;
  save: (record: SigningRecord) => void;
  reserve: (record: SigningRecord) => void;
};
let keeper: RecordKeeper;

/** The code of the refusal, or how often the disk was written to. */
function admit(asked: SigningRequest): string | number {
  const before = disk.saves;
  const admitted = keeper.admit(asked);
  return admitted.ok ? disk.saves - before : admitted.error.code;
}

function restart(): void {
  keeper = new RecordKeeper(disk);
}

beforeEach(() => {
  disk = {
    current: EMPTY_SIGNING_RECORD,
    saves: 0,
    save: (record) => {
      disk.current = record;
      disk.saves += 1;
    },
    reserve: (record) => disk.save(record),
  };
  restart();
});

describe("the record of what was signed", () => {
  it("is written once a view while blocks are made, before the COMMIT", () => {
    expect(admit(request("prepare", 1))).toBe(1);
    expect(admit(request("commit", 1))).toBe(1);
    for (let view = 2; view < 6; view++) {
      expect(admit(request(view % 2 ? "prepare" : "prePrepare", view))).toBe(0);
      expect(disk.current).toEqual({ ...EMPTY_SIGNING_RECORD, epoch: 1, view, prepared: UNKNOWN_BLOCK });
      expect(admit(request("commit", view))).toBe(1);
      expect(admit(request("commit", view))).toBe(0);
    }
  });

  it("is exact in the run that signs: one PREPARE, and the same again", () => {
    for (const asked of [request("prepare", 1), request("commit", 1), request("prepare", 2)]) admit(asked);
    expect(admit(request("prepare", 2))).toBe(0);
    expect(admit(request("prepare", 2, B))).toBe("SIGNING_TWICE");
    expect(admit(request("commit", 1))).toBe("SIGNING_OLD_VIEW");
    expect(keeper.record).toMatchObject({ view: 2, prepared: A, committed: null });
  });

  it.each([true, false])(
    "allows no PREPARE after a restart in the view that was covered ahead (signed: %s)",
    (isSigned) => {
      for (const asked of [request("prepare", 1), request("commit", 1)]) admit(asked);
      if (isSigned) admit(request("prepare", 2));
      restart();
      for (const block of [A, B]) {
        expect(admit(request("prepare", 2, block))).toBe("SIGNING_TWICE");
        expect(admit(request("prePrepare", 2, block))).toBe("SIGNING_TWICE");
      }
      for (const asked of [request("commit", 1), viewChange(1)]) expect(admit(asked)).toBe("SIGNING_OLD_VIEW");
      expect(admit(viewChange(2))).toBe(1);
      restart();
      expect(admit(request("commit", 2))).toBe("SIGNING_AFTER_VIEW_CHANGE");
      // The next view was not covered: it is written first.
      expect(admit(request("prepare", 3))).toBe(1);
    },
  );

  it("may still COMMIT after a restart what others PREPARED", () => {
    for (const asked of [request("prepare", 1), request("commit", 1)]) admit(asked);
    restart();
    expect(admit(request("commit", 2, B))).toBe(1);
    expect(admit(request("prepare", 3))).toBe(0);
  });

  it.each([[[]], [[request("prepare", 2)]]])(
    "writes a VIEW-CHANGE, which counts as newer than what covers its view",
    (signed) => {
      for (const asked of [request("prepare", 1), request("commit", 1), ...signed]) admit(asked);
      expect(admit(viewChange(2))).toBe(1);
      expect(disk.current).toMatchObject({ view: 2, viewChanged: true });
      // Both say that a PREPARE may be out, so that the newer of two slots is the one with more signatures.
      expect(disk.current.prepared).not.toBeNull();
      expect(admit(request("prepare", 3))).toBe(1);
      restart();
      expect(admit(viewChange(3))).toBe(1);
    },
  );

  it("covers nothing in another view or epoch", () => {
    for (const asked of [request("prepare", 1), request("commit", 1)]) admit(asked);
    expect(admit(request("prepare", 3))).toBe(1);
    admit(request("commit", 3));
    expect(admit({ kind: "prepare", epoch: 2, view: 4, blockHash: A })).toBe(1);
    expect(admit({ kind: "prepare", epoch: 1, view: 9, blockHash: A })).toBe("SIGNING_OLD_EPOCH");
  });

  it("forgets what could not be written", () => {
    admit(request("prepare", 1));
    disk.save = () => {
      throw new Error("full");
    };
    expect(() => keeper.admit(request("commit", 1))).toThrow("full");
    expect(keeper.record.committed).toBeNull();
  });
});
