/** What one look at the machine or the folder of a node has shown. */
export interface Finding {
  readonly check: "program" | "configuration" | "clock" | "disk" | "ports" | "keys" | "data";
  /** `bad`: the node cannot run, or must not. */
  readonly verdict: "ok" | "warn" | "bad";
  /** What it is, and what to do about it. */
  readonly message: string;
}

export const finding = (check: Finding["check"], verdict: Finding["verdict"], message: string): Finding => ({
  ...{ check, verdict, message },
});

/** An error's message with its code, which the documentation of what raised it knows. */
export function messageOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = typeof message === "string" ? message : String(error);
  return typeof code === "string" && !text.includes(code) ? `${text} [${code}]` : text;
}

/** Whatever breaks a look at something is what is wrong with it. */
export async function looking(
  check: Finding["check"],
  look: () => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [finding(check, "bad", messageOf(error))];
  }
}

/** Measured values against two bounds, the greater the worse. */
export function verdictOf(value: number, warnAbove: number, badAbove: number): Finding["verdict"] {
  return value > badAbove ? "bad" : value > warnAbove ? "warn" : "ok";
}
