// What was signed, in memory and on disk. One write before a COMMIT also covers the next view's PREPARE, which is on the way
// of every block, so that it need not wait for the disk.
import { ok, type Result } from "@festina/primitives";
import {
  checkSigning,
  reserveNextView,
  type SigningRecord,
  type SigningRefusalCode,
  type SigningRequest,
  UNKNOWN_BLOCK,
} from "./signingRecord.ts";

/** Where the record outlives the process. */
export interface SigningRecordStore {
  readonly current: SigningRecord;
  /** On disk when this returns. @throws OperationError */
  save(record: SigningRecord): void;
  /** The same for what covers a COMMIT and the next view's PREPARE. @throws OperationError */
  reserve(record: SigningRecord): void;
}

export class RecordKeeper {
  readonly #store: SigningRecordStore;
  /** Exact in this run; what the last run left may say that it does not know what was signed. */
  #record: SigningRecord;
  /** Whose PREPARE the disk takes for signed already. Of this run only: nobody knows what the last one signed. */
  #reserved: { readonly epoch: number; readonly view: number } | null = null;

  constructor(store: SigningRecordStore) {
    this.#store = store;
    this.#record = store.current;
  }

  get record(): SigningRecord {
    return this.#record;
  }

  /** When this returns well, the disk forbids whatever contradicts the request. @throws OperationError when it fails */
  admit(request: SigningRequest): Result<void, SigningRefusalCode> {
    const allowed = checkSigning(this.#record, request);
    if (!allowed.ok) return allowed;
    this.#save(request, allowed.value);
    this.#record = allowed.value;
    return ok(undefined);
  }

  #save({ kind }: SigningRequest, next: SigningRecord): void {
    const { epoch, view } = next;
    const isReserved = this.#reserved?.epoch === epoch && this.#reserved.view === view;
    if (kind === "commit") {
      if (isEqual(this.#record, next)) return;
      this.#store.reserve(reserveNextView(next));
      this.#reserved = { epoch, view: view + 1 };
    } else if (!isReserved) this.#store.save(next);
    else if (kind === "viewChange") this.#store.save({ ...next, prepared: next.prepared ?? UNKNOWN_BLOCK });
  }
}

function isEqual(a: SigningRecord, b: SigningRecord): boolean {
  return a.epoch === b.epoch && a.view === b.view && a.committed === b.committed;
}
