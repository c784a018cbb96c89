// What a dishonest miner may do: keep finds to itself, hold frames back, and send them when it suits.
import type { LogFacts } from "@festina/node";
import type { Find } from "../simPow.ts";

export interface MinerMischief {
  readonly name: string;
  /** How often it did other than an honest miner would. */
  readonly acts: number;
  /** Whether a find is used at all. */
  keeps(find: Find): boolean;
  /** What leaves when the miner's own node sends this frame. */
  send(to: number, frame: Uint8Array): readonly Uint8Array[];
  /** What the nodes of the network say, its own and, as anybody can see it, the others'. */
  onLog(isOwn: boolean, event: string, facts: LogFacts): void;
}

/** How a dishonest miner reaches the network past its own node. */
export interface MinerTools {
  /** Puts a frame on the connection to that process, if there is one. */
  readonly inject: (to: number, frame: Uint8Array) => void;
}
