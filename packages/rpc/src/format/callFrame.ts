import { hexToBytes, isHex } from "@festina/primitives";
import { decodeRevertReason } from "../jsonRpc/revertReason.ts";

/** A call as `callTracer` tells it, with those that it made. */
export interface CallFrame {
  readonly type: string;
  readonly from: string;
  /** Absent for a creation that failed. */
  readonly to?: string;
  /** Absent for STATICCALL. */
  readonly value?: string;
  readonly gas: string;
  readonly gasUsed: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly calls?: readonly CallFrame[];
}

export const REVERTED = "execution reverted";

/** With the reasons of reverts, where they are text: the machine knows nothing of them. */
export function withReasons(frame: CallFrame): CallFrame {
  const { output, error, calls } = frame;
  const reason = error !== undefined && isHex(output) ? decodeRevertReason(hexToBytes(output)) : null;
  return {
    ...frame,
    ...(reason === null ? {} : { revertReason: reason }),
    ...(calls === undefined ? {} : { calls: calls.map(withReasons) }),
  };
}

/** Without calls of precompiled contracts, which other clients' flat traces do not have. */
export function withoutPrecompiles(frame: CallFrame, precompiles: ReadonlySet<string>): CallFrame {
  const isShown = ({ type, to = "" }: CallFrame): boolean =>
    (type !== "CALL" && type !== "STATICCALL") || !precompiles.has(to);
  const { calls } = frame;
  if (calls === undefined) return frame;
  return { ...frame, calls: calls.filter(isShown).map((call) => withoutPrecompiles(call, precompiles)) };
}

/** Each call before those that it made, with the way to it from the top. Depth is bounded by the machine's. */
export function eachCall(
  frame: CallFrame,
  visit: (call: CallFrame, path: readonly number[], isUndone: boolean) => void,
  path: readonly number[] = [],
  isUndone = false,
): void {
  const isLost = isUndone || frame.error !== undefined;
  visit(frame, path, isLost);
  for (const [index, call] of (frame.calls ?? []).entries()) eachCall(call, visit, [...path, index], isLost);
}
