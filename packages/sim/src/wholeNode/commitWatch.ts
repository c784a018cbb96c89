// What nodes say about final blocks, and whether it fits together: no two at one height (I1), none taken back (I5).
import type { LogFacts } from "@festina/node";

export class CommitWatch {
  readonly violations: string[] = [];
  /** Processes whose node gave up by itself, with the reason. */
  readonly failures: { readonly process: number; readonly error: unknown }[] = [];
  /** Events by name, of all processes. */
  readonly events = new Map<string, number>();
  readonly #final = new Map<number, string>();
  readonly #heads = new Map<number, number>();
  #height = 0;

  /** Of the highest final block. */
  get height(): number {
    return this.#height;
  }

  headOf(process: number): number {
    return this.#heads.get(process) ?? 0;
  }

  count(event: string): number {
    return this.events.get(event) ?? 0;
  }

  onFailure(process: number, error: unknown): void {
    this.failures.push({ process, error });
  }

  onLog(process: number, event: string, facts: LogFacts): void {
    this.events.set(event, this.count(event) + 1);
    if (event === "ready") this.#heads.set(process, Number(facts["head"]));
    if (event === "hazard") this.violations.push(`process ${process}: ${String(facts["message"])}`);
    if (event === "blockCommitted") this.#onCommitted(process, Number(facts["number"]), String(facts["hash"]));
  }

  #onCommitted(process: number, number: number, hash: string): void {
    const known = this.#final.get(number);
    if (known !== undefined && known !== hash)
      this.violations.push(`I1: process ${process} made ${hash} final at height ${number}, others ${known}`);
    this.#final.set(number, known ?? hash);
    this.#heads.set(process, number);
    this.#height = Math.max(this.#height, number);
  }
}
