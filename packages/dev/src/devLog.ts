import { hexToBytes, isHex } from "@festina/primitives";
import { type BlockRecord, originRefusal, type RpcBackend } from "@festina/rpc";
import { CONSOLE_ADDRESS, decodeConsoleCall, printable } from "./consoleLog.ts";
import { type DeclaredErrors, describeRevert } from "./revertText.ts";

export interface DevLogOptions {
  readonly backend: Pick<RpcBackend, "events" | "tracing">;
  /** One line for people, or one object for programs; which of them is printed is the caller's choice. */
  readonly print: (line: string, facts: Readonly<Record<string, unknown>>) => void;
  readonly errors: DeclaredErrors;
}

/** Of a block's transactions together; blocks that take longer are told without what they printed. */
const TRACE_MS_MAX = 2_000;
const WAITING_MAX = 1_000;

/** As `callTracer` gives it. */
interface Frame {
  readonly to?: unknown;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: unknown;
  readonly calls?: readonly Frame[];
}

function bytesOf(value: unknown): Uint8Array {
  return isHex(value) ? hexToBytes(value) : new Uint8Array(0);
}

/** What contracts printed, in order, whether or not it was undone. */
function printed(frame: Frame): readonly string[] {
  if (frame.to === CONSOLE_ADDRESS) {
    const line = decodeConsoleCall(bytesOf(frame.input));
    return line === null ? [] : [line];
  }
  return (frame.calls ?? []).flatMap(printed);
}

/** Tells what happens on a development chain: calls, blocks, what contracts print and why they revert. */
export class DevLog {
  readonly #options: DevLogOptions;
  #lastMethod = "";
  #repeats = 0;
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: DevLogOptions) {
    this.#options = options;
    options.backend.events.subscribe((event) => {
      if (event.kind === "block") this.#later(event.record);
      if (event.kind === "removed" && event.records.length > 0) this.#tellBack(event.above);
    });
  }

  /** Repeated calls of one method are one line. */
  onCall(method: string, failure: { readonly code: number; readonly message: string } | null): void {
    const name = printable(method).slice(0, 64);
    if (failure === null && name === this.#lastMethod) {
      this.#repeats += 1;
      return;
    }
    this.#endRepeats();
    this.#lastMethod = failure === null ? name : "";
    if (failure === null) this.#options.print(name, { event: "call", method: name });
    else {
      const { code, message } = failure;
      this.#options.print(`${name}  failed: ${printable(message)}`, { event: "call", method: name, code, message });
    }
  }

  /** A page in a browser was refused: the browser itself says only that it was. */
  onOriginRefused(origin: string): void {
    this.#endRepeats();
    const message = printable(originRefusal(origin));
    this.#options.print(message, { event: "originRefused", origin, message });
  }

  #endRepeats(): void {
    if (this.#repeats > 0)
      this.#options.print(`${this.#lastMethod}  ${this.#repeats} more`, {
        event: "calls",
        method: this.#lastMethod,
        count: this.#repeats,
      });
    this.#repeats = 0;
    this.#lastMethod = "";
  }

  /** Blocks are told in order, a moment later: nobody waits for what is printed. */
  #later(record: BlockRecord): void {
    if (this.#waiting >= WAITING_MAX) return;
    this.#waiting += 1;
    this.#tail = this.#tail
      .then(() => this.#tell(record))
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  #tellBack(number: number): void {
    this.#tail = this.#tail.then(() => {
      this.#endRepeats();
      this.#options.print(`  back to block ${number}`, { event: "back", number });
    });
  }

  /** Resolves when everything so far is printed. */
  drain(): Promise<void> {
    return this.#tail;
  }

  async #tell(record: BlockRecord): Promise<void> {
    this.#endRepeats();
    const { print } = this.#options;
    const { header, hash } = record.block;
    const { number, gasUsed } = header;
    const count = record.transactions.length;
    const traces = await this.#trace(record);
    print(`  block ${number}  ${hash}  ${count} transaction${count === 1 ? "" : "s"}  ${gasUsed} gas`, {
      event: "block",
      number,
      hash,
      transactions: count,
      gasUsed: Number(gasUsed),
    });
    for (const [index, executed] of record.transactions.entries()) {
      const { transaction, sender, succeeded, createdAddress } = executed;
      const frame = traces[index];
      const outcome = succeeded ? "ok" : explainFailure(frame, this.#options.errors);
      const target = transaction.to ?? `creates ${createdAddress}`;
      const logs = frame === undefined ? [] : printed(frame);
      const facts = {
        hash: transaction.hash,
        from: sender,
        to: transaction.to,
        createdAddress,
        outcome,
        console: logs,
      };
      print(`    ${transaction.hash}  ${sender} -> ${target}  ${executed.gasUsed} gas  ${outcome}`, {
        event: "transaction",
        ...facts,
      });
      for (const line of logs) print(`      ${line}`, { event: "console", hash: transaction.hash, line });
    }
  }

  /** Only where code ran. */
  async #trace({ block, transactions }: BlockRecord): Promise<readonly Frame[]> {
    const hasRun = ({ transaction, gasUsed }: BlockRecord["transactions"][number]): boolean =>
      transaction.to === null || transaction.data.length > 0 || gasUsed > 21_000n;
    if (!transactions.some(hasRun)) return [];
    const traced = await this.#options.backend.tracing.transactions(
      { number: block.header.number, index: null },
      { tracer: "call", onlyTopCall: false, withLogs: false },
      TRACE_MS_MAX,
    );
    return traced.ok ? traced.value.map(({ trace }) => trace as Frame) : [];
  }
}

function explainFailure(frame: Frame | undefined, errors: DeclaredErrors): string {
  if (frame?.error === undefined) return "failed";
  return frame.error === "execution reverted" ? describeRevert(bytesOf(frame.output), errors) : String(frame.error);
}
