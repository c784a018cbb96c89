import { ZERO_ADDRESS } from "@festina/primitives";
import type { Trace, TraceOptions } from "../src/index.ts";

/** What a run of nothing comes to, in the tracer's own form. */
export function sampleTrace(options: TraceOptions): Trace {
  switch (options.tracer) {
    case "struct":
      return { gas: 21_000 };
    case "call":
      return { type: "CALL", from: ZERO_ADDRESS, to: ZERO_ADDRESS, gas: "0x5208", gasUsed: "0x5208", input: "0x" };
    case "vm":
      return { code: "0x", ops: [] };
    case "prestate":
      return options.diffMode ? { pre: {}, post: {} } : {};
  }
}
