/** What one look at the machine or the folder of a node has shown. */
export interface Finding {
  readonly check: "program" | "configuration" | "clock" | "disk" | "ports" | "keys" | "data";
  /** `bad`: the node cannot run, or must not. */
  readonly verdict: "ok" | "warn" | "bad";
  /** What it is, and what to do about it. */
  readonly message: string;
}

/** Measured values against two bounds, the greater the worse. */
export function verdictOf(value: number, warnAbove: number, badAbove: number): Finding["verdict"] {
  return value > badAbove ? "bad" : value > warnAbove ? "warn" : "ok";
}
