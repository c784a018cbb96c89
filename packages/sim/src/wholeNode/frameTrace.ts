// Who says what to whom in which view, for people: from the frames that leave and arrive.
import { decodeFrame } from "@festina/network";
import { type Committee, signerIndexes } from "@festina/types";
import type { Statement } from "../byzantine/mischief.ts";
import { describeMessage, nameOfBlock } from "../core/message.ts";
import { toStatement } from "./statementFrames.ts";

export interface FrameTraceOptions {
  readonly committee: (epoch: number) => Committee | undefined;
  readonly processOf: (name: string) => number | undefined;
  readonly trace: (process: number, what: string) => void;
}

function read(frame: Uint8Array): Statement | null {
  const decoded = decodeFrame(frame);
  return decoded.ok ? toStatement(decoded.value) : null;
}

export class FrameTrace {
  readonly #options: FrameTraceOptions;
  readonly #lastSent = new Map<number, Uint8Array>();
  /** By process: its newest statements, so that what is sent again is told once. */
  readonly #told = new Map<string, number>();

  constructor(options: FrameTraceOptions) {
    this.#options = options;
  }

  /** A node hands this to its connection. What goes to several is the same object each time. */
  onSent(from: number, frame: Uint8Array): void {
    if (this.#lastSent.get(from) === frame) return;
    this.#lastSent.set(from, frame);
    const statement = read(frame);
    if (statement === null) return;
    const what = this.#ownWords(from, statement);
    if (what === null || this.#told.get(what) === from) return;
    this.#told.set(what, from);
    this.#options.trace(from, what);
  }

  /** It reaches a machine. */
  onArrived(from: number, to: number, frame: Uint8Array): void {
    const statement = read(frame);
    if (statement !== null) this.#options.trace(to, `< ${from} ${describeMessage(statement)}`);
  }

  /** `null` where it only passes on what others said. */
  #ownWords(from: number, statement: Statement): string | null {
    const { committee, processOf } = this.#options;
    const isOwn = (epoch: number, member: number): boolean => {
      const owner = committee(epoch)?.members[member]?.address;
      return owner !== undefined && processOf(owner) === from;
    };
    switch (statement.kind) {
      case "vote": {
        const { kind, epoch, view, member, blockHash } = statement.vote;
        const block = kind === "viewChange" ? "" : ` ${nameOfBlock(blockHash)}`;
        return isOwn(epoch, member) ? `signs ${kind} ${epoch}/${view}${block}` : null;
      }
      case "prePrepare": {
        const { epoch, view, blockHash, height } = statement.message;
        return `sends PRE-PREPARE ${epoch}/${view} ${nameOfBlock(blockHash)}, block ${height}`;
      }
      case "certificate": {
        const { kind, epoch, view, blockHash, signers } = statement.certificate;
        const block = kind === "skipped" ? "" : ` ${nameOfBlock(blockHash)}`;
        return `shows ${kind} ${epoch}/${view}${block} by ${signerIndexes(signers).join(" ")}`;
      }
    }
  }
}
