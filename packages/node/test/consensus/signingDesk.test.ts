import { createMemoryDisk } from "@festina/adapters";
import { keccak256, type SignatureSuite } from "@festina/crypto";
import type { SignedRequest } from "@festina/fastchain";
import { concatBytes, type Hash32, OperationError, ZERO_HASH } from "@festina/primitives";
import type { Disk } from "@festina/storage";
import type { Certificate } from "@festina/types";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { openJournal } from "../../src/consensus/journal.ts";
import { openRecordFile, provisionSigningRecord } from "../../src/consensus/recordFile.ts";
import { createSigner } from "../../src/consensus/signer.ts";
import { type EpochBegin, type SigningChain, SigningDesk } from "../../src/consensus/signingDesk.ts";
import { SILENT_LOG } from "../../src/log.ts";

const STARTED_AT_MS = 1_000_000;
const hash = `0x${"ab".repeat(32)}` as Hash32;
const mockSuite = {
  publicKey: (key: Uint8Array) => key,
  sign: (key: Uint8Array, message: Uint8Array) => keccak256(concatBytes(key, message)),
} as unknown as SignatureSuite;

/** What the desk reads of a chain: how high it is, and when an epoch began. */
function chainAt(beganAtMs: number): { chain: SigningChain; head: EpochBegin } {
  const chain: SigningChain = {
    finalHeight: () => 5,
    isFinal: () => false,
    openBlock: () => undefined,
    reopen: () => undefined,
    contextOf: (epoch) => ({ chainId: 1n, genesisHash: ZERO_HASH, epoch }),
  };
  return { chain, head: { epoch: 0, beganAtMs } };
}

const inEpoch = (head: EpochBegin, epoch: number): EpochBegin => ({ ...head, epoch });
const prepare = (epoch: number, view: number): SignedRequest => ({ kind: "prepare", epoch, view, blockHash: hash });

function openDesk(disk: Disk, chain: SigningChain) {
  const journal = openJournal(disk);
  const signer = createSigner(Uint8Array.of(1), mockSuite, openRecordFile(disk), journal);
  const desk = new SigningDesk({ chain, signer, journal, log: SILENT_LOG, nowMs: () => STARTED_AT_MS });
  return { desk, signer };
}

let disk: Disk;
const old = chainAt(STARTED_AT_MS - 60_000);
const young = chainAt(STARTED_AT_MS + 60_000);

beforeEach(() => {
  disk = createMemoryDisk();
});

describe("the signing desk", () => {
  it("signs at once with a whole record, and again after a restart only what does not contradict", () => {
    provisionSigningRecord(disk);
    const { desk } = openDesk(disk, old.chain);
    expect(desk.enterEpoch(old.head)).toBe(true);
    expect(desk.sign(prepare(0, 1), () => [])).not.toBeNull();
    const again = openDesk(disk, old.chain).desk;
    expect(again.enterEpoch(old.head)).toBe(true);
    expect(again.sign({ ...prepare(0, 1), blockHash: ZERO_HASH } as SignedRequest, () => [])).toBeNull();
    expect(again.sign(prepare(0, 1), () => [])).not.toBeNull();
    expect(desk.silence).toBeNull();
  });

  it("says nothing without a record, restart or not, before an epoch that began after the start", () => {
    for (let start = 0; start < 2; start++) {
      const { desk } = openDesk(disk, old.chain);
      expect(desk.awaitsNewChain).toBe(false);
      for (const epoch of [0, 1]) {
        expect(desk.enterEpoch(inEpoch(old.head, epoch))).toBe(false);
        expect(desk.sign(prepare(epoch, 1), () => [])).toBeNull();
        expect(desk.silence).toMatchObject({ code: "SIGNING_RECORD_MISSING", throughEpoch: epoch });
        expect(desk.silence?.message).toContain("signing.record");
      }
    }
    expect(disk.exists("signing.record")).toBe(false);
    const { desk } = openDesk(disk, young.chain);
    expect(desk.enterEpoch(inEpoch(young.head, 2))).toBe(true);
    expect(desk.silence).toBeNull();
    expect(desk.sign(prepare(2, 1), () => [])).not.toBeNull();
    expect(openDesk(disk, old.chain).desk.enterEpoch(inEpoch(old.head, 2))).toBe(true);
  });

  it("says nothing while its record or journal is damaged or its journal is gone", () => {
    provisionSigningRecord(disk);
    openDesk(disk, old.chain).desk.sign(prepare(0, 3), () => []);
    const backup = readFile(disk, "signing.record");
    disk.replace("signing.record", backup.slice().fill(0xff, 0, 4_096));
    expectSilence("SIGNING_RECORD_DAMAGED");
    disk.replace("signing.record", backup);
    disk.replace("consensus.journal", damagedLog());
    expectSilence("JOURNAL_DAMAGED");
    const other = createMemoryDisk();
    other.replace("signing.record", backup);
    disk = other;
    expectSilence("JOURNAL_MISSING");
    expectSilence("JOURNAL_MISSING");
  });

  it("stops when a certificate holds a signature of its own that the record does not know", () => {
    provisionSigningRecord(disk);
    const { desk, signer } = openDesk(disk, old.chain);
    desk.enterEpoch(old.head);
    desk.sign(prepare(0, 4), () => []);
    const certificate = (kind: Certificate["kind"], view: number, signers: number): Certificate => ({
      kind,
      epoch: 0,
      view,
      blockHash: kind === "skipped" ? ZERO_HASH : hash,
      signers: Uint8Array.of(signers),
      signature: Uint8Array.of(1),
    });
    desk.notice(certificate("prepared", 4, 0b111), 1);
    desk.notice(certificate("committed", 3, 0b111), 1);
    desk.notice(certificate("skipped", 9, 0b101), 1);
    expect(desk.silence).toBeNull();
    desk.notice(certificate("committed", 4, 0b111), 1);
    expect(desk.silence).toMatchObject({ code: "SIGNING_RECORD_OLD", throughEpoch: 0 });
    expect(desk.sign(prepare(0, 5), () => [])).toBeNull();
    expect(signer.record.view).toBe(4);
    expect(desk.enterEpoch(inEpoch(old.head, 1))).toBe(true);
    expect(desk.silence).toBeNull();
  });

  it("never signs what is not on disk, and nothing more in any epoch after the disk has failed once", () => {
    provisionSigningRecord(disk);
    let failing: "overwrite" | "sync" | null = null;
    const faulty: Disk = {
      ...disk,
      open: (name) => {
        const file = disk.open(name);
        const fail = (what: "overwrite" | "sync", run: () => void): void => {
          if (failing === what) throw new OperationError("DISK_FULL", "no space left");
          run();
        };
        return {
          get size() {
            return file.size;
          },
          readAll: () => file.readAll(),
          append: (bytes) => file.append(bytes),
          truncate: (size) => file.truncate(size),
          overwrite: (offset, bytes) => fail("overwrite", () => file.overwrite(offset, bytes)),
          sync: () => fail("sync", () => file.sync()),
          close: () => file.close(),
        };
      },
    };
    for (const what of ["overwrite", "sync"] as const) {
      const { desk, signer } = openDesk(faulty, old.chain);
      desk.enterEpoch(old.head);
      const view = signer.record.view + 1;
      expect(desk.sign(prepare(0, view), () => [])).not.toBeNull();
      failing = what;
      expect(desk.sign(prepare(0, view + 1), () => [])).toBeNull();
      failing = null;
      expect(desk.silence).toMatchObject({ code: "DISK_FAILED", throughEpoch: Number.POSITIVE_INFINITY });
      expect(desk.silence?.message).toContain("no space left");
      expect(desk.sign(prepare(0, view + 2), () => [])).toBeNull();
      expect(desk.enterEpoch(inEpoch(old.head, 7))).toBe(false);
      desk.settle();
    }
  });

  it("has no key, no voice and no complaint", () => {
    const desk = new SigningDesk({
      chain: old.chain,
      signer: null,
      journal: openJournal(disk),
      log: SILENT_LOG,
      nowMs: () => STARTED_AT_MS,
    });
    expect(desk.enterEpoch(old.head)).toBe(false);
    expect(desk.sign(prepare(0, 1), () => [])).toBeNull();
    expect(desk.silence).toBeNull();
  });
});

function expectSilence(code: string): void {
  const { desk, signer } = openDesk(disk, old.chain);
  const before = signer.record;
  expect(desk.enterEpoch(old.head)).toBe(false);
  expect(desk.sign(prepare(0, 9), () => [])).toBeNull();
  expect(desk.silence).toMatchObject({ code, throughEpoch: 0 });
  expect(signer.record).toEqual(before);
}

function readFile(from: Disk, name: string): Uint8Array {
  const file = from.open(name);
  const bytes = file.readAll();
  file.close();
  return bytes;
}

/** Two whole records, the first with a flipped bit. */
function damagedLog(): Uint8Array {
  const scratch = createMemoryDisk();
  const journal = openJournal(scratch);
  journal.begin();
  for (const view of [1, 2]) {
    const certificate: Certificate = {
      kind: "skipped",
      epoch: 0,
      view,
      blockHash: ZERO_HASH,
      signers: Uint8Array.of(7),
      signature: Uint8Array.of(1),
    };
    journal.append({ kind: "skipped", certificate });
  }
  const bytes = readFile(scratch, "consensus.journal");
  bytes[9] = (bytes[9] ?? 0) ^ 1;
  return bytes;
}
