// The final blocks of a member on its disk, through the production log. Behind damage nothing is believed; peers have it.
import { encodeRlp, readRlp } from "@festina/primitives";
import { type Disk, type WalRecord, WriteAheadLog } from "@festina/storage";
import { certificateItem, readCertificate } from "@festina/types";
import type { ChainPart } from "./message.ts";

export interface ChainLog {
  readonly parts: readonly ChainPart[];
  /** On disk when this returns. @throws OperationError */
  append(part: ChainPart): void;
  /** Forgets all but the first `count` parts. @throws OperationError */
  keep(count: number): void;
}

const FILE_NAME = "chain";
const PART_RECORD = 1;

function readPart({ payload }: WalRecord): readonly ChainPart[] {
  const read = readRlp(payload, "chainPart", (reader): ChainPart => {
    const envelope = reader.bytes("envelope");
    const certificates = reader.many("certificate", 1, (list) => list.list("certificate", readCertificate));
    return { envelope, certificate: certificates[0] ?? null };
  });
  return read.ok ? [read.value] : [];
}

export function openChainLog(disk: Disk): ChainLog {
  const log = new WriteAheadLog(disk, FILE_NAME);
  if (log.verdict.kind === "damaged") log.rewrite(log.records);
  const parts = log.records.flatMap(readPart);
  return {
    parts,
    keep: (count) => {
      if (count < log.records.length) log.rewrite(log.records.slice(0, count));
    },
    append: ({ envelope, certificate }) =>
      log.append({
        type: PART_RECORD,
        payload: encodeRlp([envelope, certificate === null ? [] : [certificateItem(certificate)]]),
      }),
  };
}
