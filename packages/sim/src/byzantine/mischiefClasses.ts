// The ways in which a member may be dishonest, by name.
import type { Mischief } from "../core/coreWorld.ts";

const silent: Mischief = { name: "silent", rewrite: () => [] };

const CLASSES: ReadonlyMap<string, () => Mischief> = new Map([["silent", () => silent]]);

export const MISCHIEF_CLASSES: readonly string[] = [...CLASSES.keys()];

export function createMischief(name: string): Mischief {
  const make = CLASSES.get(name);
  if (make === undefined) throw new RangeError(`no mischief is called ${name}`);
  return make();
}
