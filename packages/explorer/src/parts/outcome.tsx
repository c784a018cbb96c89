import type { JSX } from "preact";
import type { ReceiptAnswer } from "../data/answers.ts";

/** What became of a transaction: without a receipt it waits. */
export function Outcome({ receipt }: { readonly receipt: Pick<ReceiptAnswer, "status"> | null }): JSX.Element {
  if (receipt === null) return <span class="mark">waits in the pool</span>;
  return receipt.status === "0x1" ? <span class="mark good">succeeded</span> : <span class="mark bad">failed</span>;
}
