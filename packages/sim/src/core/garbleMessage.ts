// What a dishonest member sends in place of blocks, chains, questions and heads: it decodes, and is wrong in everything else.
import type { Dice } from "../world/streams.ts";
import type { CoreMessage } from "./message.ts";
import { quickHash } from "./quickHash.ts";

const FAR_HEIGHT = 2 ** 40;

export function garbleMessage(message: CoreMessage, index: number, dice: Dice): CoreMessage {
  switch (message.kind) {
    case "status":
      return { kind: "status", height: FAR_HEIGHT };
    case "block":
      return { kind: "block", envelope: dice.bytes(message.envelope.length) };
    case "chain":
      return { ...message, parts: message.parts.map(({ certificate }) => ({ envelope: dice.bytes(40), certificate })) };
    default:
      return { kind: "askBlock", hash: quickHash(Uint8Array.of(index), dice.bytes(8)) };
  }
}
