import { encodeFrame, MESSAGES, type MessageType } from "@festina/network";
import { concatBytes, decodeRlp, encodeRlp, type Prng, rlpInteger } from "@festina/primitives";
import type { GarbagePeer } from "./garbagePeer.ts";
import { waitFor } from "./waitFor.ts";

/** A frame as an attacker makes it: no limits, and an id where none belongs or none where one does. */
export function rawFrame(type: MessageType, payload: Uint8Array): Uint8Array {
  const spec = MESSAGES[type];
  const id =
    spec.kind === "request" || spec.kind === "reply" ? Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 7) : new Uint8Array();
  return concatBytes(Uint8Array.of(spec.number), id, payload);
}

const NAMES = Object.keys(MESSAGES) as MessageType[];
/** What the node thinks about hardest. */
const CORE: readonly MessageType[] = ["prePrepare", "vote", "certificate", "newSnailBlock"];

/** Every type comes; proposals, votes, certificates and snail blocks come most. */
export function chooseType(prng: Prng): MessageType {
  const types = prng.below(5) < 3 ? CORE : NAMES;
  return types[prng.below(types.length)] as MessageType;
}

export function pickReal(real: ReadonlyMap<MessageType, readonly Uint8Array[]>, type: MessageType, prng: Prng) {
  const kept = real.get(type) ?? [];
  return kept[prng.below(kept.length)] ?? encodeRlp([prng.bytes(32), prng.bytes(prng.below(40))]);
}

/** Listens until it has heard proposals, votes, certificates, and fetched snail blocks and fruits. */
export async function learn(peer: GarbagePeer, real: Map<MessageType, Uint8Array[]>): Promise<void> {
  const range = encodeRlp([rlpInteger(1), rlpInteger(4)]);
  await waitFor(
    "messages of every kind",
    90_000,
    async () => {
      await peer.say(encodeFrame("getSnailBlocks", 1n, range));
      await peer.say(encodeFrame("getFastBlocks", 2n, range));
      const blocks = (real.get("snailBlocks") ?? []).flatMap(partsOf);
      if (blocks.length > 0) real.set("newSnailBlock", blocks);
      const needed: MessageType[] = ["prePrepare", "vote", "certificate", "newSnailBlock", "fastBlocks", "status"];
      return needed.every((type) => real.has(type)) ? true : null;
    },
    500,
  );
}

function partsOf(payload: Uint8Array): Uint8Array[] {
  const decoded = decodeRlp(payload);
  if (!decoded.ok || decoded.value instanceof Uint8Array) return [];
  return decoded.value.filter((part) => part instanceof Uint8Array);
}
