// Throws away the blocks whose nonce it does not like, as somebody does who wants a say in what is drawn from them.
import type { Find } from "../simPow.ts";
import type { MinerMischief } from "./minerMischief.ts";

export class Grinder implements MinerMischief {
  readonly name = "grinder";
  #acts = 0;

  get acts(): number {
    return this.#acts;
  }

  keeps({ sealHash, winsBlock }: Find): boolean {
    const isLiked = Number.parseInt(sealHash.slice(-1), 16) % 2 === 0;
    if (!winsBlock || isLiked) return true;
    this.#acts += 1;
    return false;
  }

  send(_to: number, frame: Uint8Array): readonly Uint8Array[] {
    return [frame];
  }

  onLog(): void {}
}
