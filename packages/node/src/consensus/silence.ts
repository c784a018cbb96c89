// Why a member follows without signing. Being silent costs rewards; signing what may contradict an older signature of the
// same key costs the deposit.
import type { SigningRecord } from "@festina/fastchain";
import type { Certificate } from "@festina/types";

export type SilenceCode =
  | "SIGNING_RECORD_MISSING"
  | "SIGNING_RECORD_DAMAGED"
  | "SIGNING_RECORD_OLD"
  | "JOURNAL_MISSING"
  | "JOURNAL_DAMAGED"
  | "DISK_FAILED";

export interface Silence {
  readonly code: SilenceCode;
  /** What is the matter and what to do about it, in one sentence for the operator. */
  readonly message: string;
  /** The last epoch in which nothing is signed; infinite until the next start. */
  readonly throughEpoch: number;
}

/** Messages that each kind of silence shows; `detail` names the place. */
export function silenceMessage(code: SilenceCode, epoch: number, detail: string): string {
  const until = `following without voting until epoch ${epoch} is over`;
  switch (code) {
    case "SIGNING_RECORD_MISSING":
      return `there is no record of what this key has signed; ${until}; if the file signing.record exists elsewhere, stop, restore it and start again`;
    case "SIGNING_RECORD_DAMAGED":
      return `signing.record is damaged, so what this key signed last is not known; ${until}; it is written anew then, but check the disk`;
    case "SIGNING_RECORD_OLD":
      return `this key has signed more than signing.record knows (${detail}); ${until}; make sure that no second node uses the key and that no old copy of the disk was restored`;
    case "JOURNAL_MISSING":
      return `consensus.journal is missing beside a used signing.record; ${until}; if it exists elsewhere, stop, restore it and start again`;
    case "JOURNAL_DAMAGED":
      return `consensus.journal is damaged ${detail}; ${until}; it is written anew then, but check the disk`;
    case "DISK_FAILED":
      return `nothing can be signed because the disk failed (${detail}); free space or replace the disk, then start again`;
  }
}

/** Whether the record knows of the signature with which its owner takes part in the certificate. */
export function isCovered(record: SigningRecord, { kind, epoch, view }: Certificate): boolean {
  if (epoch !== record.epoch) return epoch < record.epoch;
  if (view !== record.view) return view < record.view;
  if (kind === "skipped") return record.viewChanged;
  return (kind === "prepared" ? record.prepared : record.committed) !== null;
}
