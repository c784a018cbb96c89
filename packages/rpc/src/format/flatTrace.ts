// Traces in the form of the `trace_` methods: a list of calls, each with its way from the top.
import { type CallFrame, eachCall, REVERTED } from "./callFrame.ts";

/** Where the transaction stands; absent for calls that stand nowhere. */
export interface TracePlace {
  readonly blockHash: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
  readonly transactionPosition: number;
}

export interface FlatTrace {
  readonly action: Readonly<Record<string, string>>;
  readonly result?: Readonly<Record<string, string>> | null;
  readonly error?: string;
  readonly subtraces: number;
  readonly traceAddress: readonly number[];
  readonly type: "call" | "create" | "suicide";
  readonly blockHash?: string;
  readonly blockNumber?: number;
  readonly transactionHash?: string;
  readonly transactionPosition?: number;
}

/** How the clients that the form comes from say it, by how geth's begins. */
const ERRORS: readonly (readonly [string, string])[] = [
  ["contract creation code storage out of gas", "Out of gas"],
  ["out of gas", "Out of gas"],
  ["max code size exceeded", "Out of gas"],
  ["invalid jump destination", "Bad jump destination"],
  [REVERTED, "Reverted"],
  ["return data out of bounds", "Out of bounds"],
  ["precompiled contract failed", "Built-in failed"],
  ["stack underflow", "Stack underflow"],
  ["stack limit reached", "Out of stack"],
  ["invalid opcode", "Bad instruction"],
  ["write protection", "Mutable Call In Static Context"],
];

const kindOf = ({ type }: CallFrame): FlatTrace["type"] =>
  type === "SELFDESTRUCT" ? "suicide" : type.startsWith("CREATE") ? "create" : "call";

function actionOf(frame: CallFrame): FlatTrace["action"] {
  const { type, from, to = "", value = "0x0", gas, input } = frame;
  switch (kindOf(frame)) {
    case "suicide":
      return { address: from, refundAddress: to, balance: value };
    case "create":
      return { creationMethod: type.toLowerCase(), from, gas, init: input, value };
    case "call":
      return { callType: type.toLowerCase(), from, gas, input, to, value };
  }
}

function resultOf(frame: CallFrame): Readonly<Record<string, string>> | null {
  const { to = "", gasUsed, output = "0x" } = frame;
  switch (kindOf(frame)) {
    case "suicide":
      return null;
    case "create":
      return frame.error === undefined ? { address: to, code: output, gasUsed } : { code: output, gasUsed };
    case "call":
      return { gasUsed, output };
  }
}

export function flattenTrace(
  top: CallFrame,
  place: TracePlace | null,
  isConvertingErrors: boolean,
): readonly FlatTrace[] {
  const list: FlatTrace[] = [];
  eachCall(top, (frame, traceAddress) => {
    const { error } = frame;
    const familiar = ERRORS.find(([begin]) => error?.startsWith(begin))?.[1];
    // What a revert returned tells why; nothing else of a failure means anything.
    const hasResult = error === undefined || error === REVERTED;
    list.push({
      action: actionOf(frame),
      ...place,
      ...(hasResult && { result: resultOf(frame) }),
      ...(error !== undefined && { error: isConvertingErrors ? (familiar ?? error) : error }),
      subtraces: frame.calls?.length ?? 0,
      traceAddress,
      type: kindOf(frame),
    });
  });
  return list;
}
