// All dishonest members of a world of whole nodes.
import type { SignatureSuite } from "@festina/crypto";
import { createMischief } from "../../byzantine/mischiefClasses.ts";
import type { SignedVotes } from "../../check/signedVotes.ts";
import type { Streams } from "../../world/streams.ts";
import type { MemberKeys } from "../networkSpec.ts";
import { NodeMischiefWorld, type VoterHost } from "./nodeMischiefWorld.ts";
import { VoterMischief } from "./voterMischief.ts";

export interface DishonestVotersOptions {
  readonly host: VoterHost;
  readonly streams: Streams;
  readonly suite: SignatureSuite;
  readonly members: readonly MemberKeys[];
  readonly faulty: ReadonlySet<number>;
  /** Class by process. */
  readonly classes: ReadonlyMap<number, string>;
  readonly signed: SignedVotes;
  /** Somebody sends other than its node would. */
  readonly onAct: (index: number, what: string) => void;
}

export class DishonestVoters {
  readonly #world: NodeMischiefWorld;
  readonly #voters = new Map<number, VoterMischief>();

  constructor({ host, streams, suite, members, faulty, classes, signed, onAct }: DishonestVotersOptions) {
    const secretKey = (index: number): Uint8Array => (members[index] as MemberKeys).signingKey;
    const world = new NodeMischiefWorld({ host, suite, faulty, secretKey, signed });
    this.#world = world;
    for (const [index, name] of classes) {
      const tools = { world, index, secretKey: secretKey(index), dice: streams(`mischief ${index}`) };
      this.#voters.set(index, new VoterMischief(createMischief(name), tools, (what) => onAct(index, what)));
    }
  }

  get all(): Iterable<VoterMischief> {
    return this.#voters.values();
  }

  /** What really leaves, or `null` where the sender is honest. */
  send(from: number, to: number, frame: Uint8Array): readonly Uint8Array[] | null {
    if (this.#voters.size === 0) return null;
    this.#world.hear(frame);
    return this.#voters.get(from)?.send(to, frame) ?? null;
  }
}
