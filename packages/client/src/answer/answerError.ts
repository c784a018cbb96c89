import { BaseError } from "viem";

const SHOWN_MAX = 80;

/** What somebody sent, short enough for a message. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

/** The node answered with something else than the method promises: another program listens there, or another version. */
export class AnswerError extends BaseError {
  readonly code = "ANSWER_INVALID";
  /** Method, and the part of its answer. */
  readonly path: string;

  constructor(path: string, expected: string, found: unknown) {
    super(`${path} should be ${expected}, but is ${shown(found)}`, { name: "AnswerError" });
    this.path = path;
  }
}
