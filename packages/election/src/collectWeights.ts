import type { Address } from "@festina/primitives";
import type { Fruit } from "@festina/types";

/** Work per supported validator: the sum of its fruits' difficulties. A fruit counts in the window of its packer. */
export function collectWeights(fruits: readonly Fruit[]): ReadonlyMap<Address, bigint> {
  const weights = new Map<Address, bigint>();
  for (const { header } of fruits) {
    weights.set(header.supports, (weights.get(header.supports) ?? 0n) + header.fruitDifficulty);
  }
  return weights;
}
