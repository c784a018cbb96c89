// One machine's side of hot codes: what is compiled by the time a run meets it runs compiled in that run.
import type { Hash32 } from "@festina/primitives";
import type { KernelExports } from "../interpreter/kernel.ts";
import type { CodeLinks } from "./codeLinks.ts";
import { hotGasOf } from "./compileBounds.ts";
import type { HotCodes } from "./hotCodes.ts";
import { type LinkedCode, ModuleLinks } from "./moduleLinks.ts";

export class HotLinks implements CodeLinks {
  readonly compilesInitCode = false;
  readonly isFull = false;
  readonly #hotCodes: HotCodes;
  readonly #links: ModuleLinks;
  readonly #linked = new Map<Hash32, LinkedCode>();
  /** Met in this run. */
  readonly #used = new Set<Hash32>();
  #removals: number;

  constructor(kernel: KernelExports, hotCodes: HotCodes) {
    this.#links = new ModuleLinks(kernel);
    this.#hotCodes = hotCodes;
    this.#removals = hotCodes.removals;
  }

  heatOf(codeBytes: number): bigint {
    return hotGasOf(codeBytes);
  }

  find(hash: Hash32 | null): LinkedCode | null {
    if (hash === null) return null;
    const compiled = this.#hotCodes.find(hash);
    // What was barred or dropped while this run lasts may go on: frames are running it.
    if (compiled === null && !this.#linked.has(hash)) return null;
    let linked = this.#linked.get(hash);
    if (linked === undefined && compiled !== null) {
      linked = this.#links.link(compiled);
      this.#linked.set(hash, linked);
    }
    this.#used.add(hash);
    return linked ?? null;
  }

  noteUse(hash: Hash32): void {
    if (this.#used.has(hash)) return;
    this.#used.add(hash);
    this.#hotCodes.touch(hash);
  }

  beginRun(): readonly Hash32[] {
    this.#used.clear();
    if (this.#removals === this.#hotCodes.removals) return [];
    this.#removals = this.#hotCodes.removals;
    const gone: Hash32[] = [];
    for (const [hash, linked] of this.#linked) {
      if (this.#hotCodes.has(hash)) continue;
      this.#links.release(linked);
      this.#linked.delete(hash);
      gone.push(hash);
    }
    return gone;
  }

  noteHot(hash: Hash32, code: Uint8Array): boolean {
    return this.#hotCodes.noteHot(hash, code);
  }

  noteGas(interpreted: number, compiled: number): void {
    this.#hotCodes.noteGas(interpreted, compiled);
  }

  noteFault(): void {
    for (const hash of this.#used) this.#hotCodes.bar(hash, "ENGINE_FAULT");
  }
}
