// Shows its fruits to nobody before they stand in a block of its own, so that nobody else earns by packing them.
import { decodeFrame } from "@festina/network";
import type { MinerMischief } from "./minerMischief.ts";

/** Fruits that are pushed are the sender's own; announced ones may be. */
const WITHHELD: ReadonlySet<string> = new Set(["fruits", "newFruits"]);

export class FruitHoarder implements MinerMischief {
  readonly name = "fruit hoarder";
  #acts = 0;

  get acts(): number {
    return this.#acts;
  }

  keeps(): boolean {
    return true;
  }

  send(_to: number, frame: Uint8Array): readonly Uint8Array[] {
    const decoded = decodeFrame(frame);
    if (!decoded.ok || !WITHHELD.has(decoded.value.type)) return [frame];
    this.#acts += 1;
    return [];
  }

  onLog(): void {}
}
