import type { NodeLogLine } from "./processOutput.ts";

const REMEMBERED_MAX = 4_096;

/**
 * Turns the members' logs into one line per event that matters. The same block is committed by every member; the first
 * to say so is printed.
 */
export class EventPrinter {
  readonly #print: (line: string) => void;
  readonly #seen = new Set<string>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  #once(key: string): boolean {
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > REMEMBERED_MAX) {
      const oldest = this.#seen.values().next();
      if (!oldest.done) this.#seen.delete(oldest.value);
    }
    return true;
  }

  handle(source: string, { event, facts }: NodeLogLine): void {
    const line = this.#describe(source, event, facts);
    if (line !== null && this.#once(line.key)) this.#print(line.text);
  }

  #describe(
    source: string,
    event: string,
    facts: Readonly<Record<string, unknown>>,
  ): { key: string; text: string } | null {
    switch (event) {
      case "blockCommitted": {
        const { number, transactions, gasUsed, view } = facts;
        const isQuiet = transactions === 0 && number !== 1;
        const text = `block ${number}  final  ${transactions} transactions  ${gasUsed} gas  view ${view}`;
        return isQuiet ? null : { key: `block ${number}`, text };
      }
      case "snailHead": {
        const { number, hash, fruits, anchor } = facts;
        return { key: `snail ${hash}`, text: `snail ${number}  ${fruits} fruits  anchors block ${anchor}` };
      }
      case "electionFrozen":
        return {
          key: `frozen ${facts["epoch"]}`,
          text: `election for epoch ${facts["epoch"]}: window closed at block ${facts["number"]}`,
        };
      case "handover": {
        const { epoch, firstBlock, members, seats } = facts;
        return {
          key: `handover ${epoch}`,
          text: `epoch ${epoch} begins at block ${firstBlock}: ${members} members hold ${seats} seats`,
        };
      }
      case "powDataSetReady":
        return {
          key: `data set ${facts["powKey"]}`,
          text: `proof of work: data set ${String(facts["powKey"]).slice(0, 10)} ready after ${facts["ms"]} ms`,
        };
      case "viewSkipped":
        return {
          key: `skip ${facts["epoch"]} ${facts["view"]}`,
          text: `view ${facts["view"]} skipped: ${facts["leader"]} did not propose`,
        };
      case "validatorSlashed":
        return {
          key: `slashed ${facts["address"]}`,
          text: `block ${facts["number"]}: ${facts["address"]} broke the voting rules and lost its deposit`,
        };
      case "validatorJailed":
        return {
          key: `jailed ${facts["number"]} ${facts["address"]}`,
          text: `block ${facts["number"]}: ${facts["address"]} missed too many votes; no seat until its owner calls unjail()`,
        };
      case "hazard":
        return { key: `hazard ${facts["message"]}`, text: `HAZARD (${source}): ${facts["message"]}` };
      default:
        return null;
    }
  }
}
