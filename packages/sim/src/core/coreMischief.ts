// Dishonest members of the core level: what leaves them goes through their class first.

import type { Vote } from "@festina/types";
import type { Instead, Mischief, MischiefTools, MischiefWorld } from "../byzantine/mischief.ts";
import type { Dice } from "../world/streams.ts";
import { addressOfMember } from "./committees.ts";
import type { CoreWorld } from "./coreWorld.ts";
import { garbleMessage } from "./garbleMessage.ts";
import type { CoreMessage } from "./message.ts";
import { decodeStubBlock, makeStubBlock } from "./stubBlock.ts";

const NO_BYTES = new Uint8Array(0);

/** Blocks here only know hashes: a salt makes another one. */
const changeBlock: MischiefWorld["changeBlock"] = (message, change, dice) => {
  const read = decodeStubBlock(message.envelope);
  if (!read.ok) return null;
  const { hash: _, envelope: __, ...fields } = read.value;
  return makeStubBlock({ ...fields, ...(change === "wrongRoot" ? { hasTrueRoot: false } : {}), salt: dice.next() });
};

function makeRival(world: CoreWorld, index: number, { epoch, view }: Vote, dice: Dice) {
  const head = world.member(index)?.chain.head;
  if (head == null || head.certificate === null || head.block.epoch !== epoch || head.block.isBoundary) return null;
  const parent = head.block;
  const height = parent.height + 1;
  const block = makeStubBlock({
    epoch,
    height,
    parentHash: parent.hash,
    proposer: index,
    timeMs: parent.timeMs + 1,
    isBoundary: world.isBoundary(height),
    hasTrueRoot: true,
    salt: dice.next(),
  });
  return {
    epoch,
    view: view + 1,
    blockHash: block.hash,
    height,
    parentHash: parent.hash,
    parentView: head.certificate.view,
    parentCertificate: head.certificate,
    skips: [],
    reveal: NO_BYTES,
    envelope: block.envelope,
    signature: NO_BYTES,
  };
}

function mischiefWorld(world: CoreWorld): MischiefWorld {
  const processes = new Map(Array.from({ length: world.members }, (_, index) => [addressOfMember(index), index]));
  return {
    suite: world.suite,
    faulty: world.faulty,
    committee: (epoch) => world.committee(epoch),
    context: (epoch) => world.context(epoch),
    processOf: (owner) => processes.get(owner),
    onForged: (index, request) => world.onForged(index, request),
    changeBlock,
    makeRival: (index, voted, dice) => makeRival(world, index, voted, dice),
  };
}

export class CoreMischief {
  /** How often each class sent other than it should have. */
  readonly acts = new Map<string, number>();
  readonly #world: CoreWorld;
  readonly #classes: ReadonlyMap<number, Mischief>;
  readonly #tools = new Map<number, MischiefTools>();
  #mischiefWorld: MischiefWorld | null = null;

  constructor(world: CoreWorld, classes: ReadonlyMap<number, Mischief>) {
    this.#world = world;
    this.#classes = classes;
  }

  /** What goes out when the member's own code sends this; `null` where it is honest. */
  rewrite(index: number, to: number, message: CoreMessage): readonly CoreMessage[] | null {
    const mischief = this.#classes.get(index);
    if (mischief === undefined) return null;
    const tools = this.#toolsOf(index);
    const sent = insteadOf(mischief, message, to, tools);
    if (sent.length !== 1 || sent[0] !== "itself")
      this.acts.set(mischief.name, (this.acts.get(mischief.name) ?? 0) + 1);
    return sent.map((instead) => {
      if (instead === "itself") return message;
      return instead === "garbled" ? garbleMessage(message, index, tools.dice) : instead;
    });
  }

  #toolsOf(index: number): MischiefTools {
    let tools = this.#tools.get(index);
    if (tools === undefined) {
      this.#mischiefWorld ??= mischiefWorld(this.#world);
      const dice = this.#world.streams(`mischief ${index}`);
      tools = { world: this.#mischiefWorld, index, secretKey: this.#world.secretKey(index), dice };
      this.#tools.set(index, tools);
    }
    return tools;
  }
}

function insteadOf(mischief: Mischief, message: CoreMessage, to: number, tools: MischiefTools): readonly Instead[] {
  switch (message.kind) {
    case "prePrepare":
    case "vote":
    case "certificate":
      return mischief.rewrite(message, to, tools);
    case "block":
    case "chain":
      return mischief.rewriteOther?.("supply", to, tools) ?? ["itself"];
    default:
      return mischief.rewriteOther?.("talk", to, tools) ?? ["itself"];
  }
}
