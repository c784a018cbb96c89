// The ways in which a miner may be dishonest, by name.
import { FruitHoarder } from "./fruitHoarder.ts";
import { Grinder } from "./grinder.ts";
import type { MinerMischief, MinerTools } from "./minerMischief.ts";
import { SelfishMiner } from "./selfishMiner.ts";

const CLASSES: ReadonlyMap<string, (tools: MinerTools, payout: string) => MinerMischief> = new Map<
  string,
  (tools: MinerTools, payout: string) => MinerMischief
>([
  ["selfish miner", (tools, payout) => new SelfishMiner(tools, payout)],
  ["fruit hoarder", () => new FruitHoarder()],
  ["grinder", () => new Grinder()],
]);

export const MINER_CLASSES: readonly string[] = [...CLASSES.keys()];

export function createMinerMischief(name: string, tools: MinerTools, payout: string): MinerMischief {
  const make = CLASSES.get(name);
  if (make === undefined) throw new RangeError(`no dishonest miner is called ${name}`);
  return make(tools, payout);
}
