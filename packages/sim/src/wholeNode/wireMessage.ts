import type { CloseCode } from "@festina/network";
import type { WireLink } from "./wireLink.ts";

/** Which end of a link: the one that dialled or the one that listened. */
export type Side = 0 | 1;

/** What travels between the machines of simulated processes. */
export type WireMessage =
  | { readonly kind: "dial"; readonly call: number }
  | { readonly kind: "refuse"; readonly call: number }
  | { readonly kind: "accept"; readonly call: number; readonly link: WireLink }
  /** Item `order` of the stream that `side` sends; `garbled` when bytes of it were hurt. */
  | {
      readonly kind: "item";
      readonly link: WireLink;
      readonly side: Side;
      readonly order: number;
      readonly item: WireItem;
      readonly garbled: boolean;
    }
  /** `side` is gone without a word. */
  | { readonly kind: "reset"; readonly link: WireLink; readonly side: Side };

/** A frame, or the end of the stream. */
export type WireItem =
  | { readonly kind: "frame"; readonly bytes: Uint8Array }
  | { readonly kind: "close"; readonly code: CloseCode };

const HEADER_BYTES = 40;

/** On the line, with what TCP, TLS and WebSocket add. */
export function wireBytes(message: WireMessage): number {
  return HEADER_BYTES + (message.kind === "item" && message.item.kind === "frame" ? message.item.bytes.length : 0);
}
