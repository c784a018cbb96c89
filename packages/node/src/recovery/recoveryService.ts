// Reads off our best snail chain whether the sitting committee may still sign and who follows it (docs/adr/0015), and sees
// to it that the fast chain and the member here do so.
import type { ChainSpec } from "@festina/chainspec";
import type { HybridState, RecoveryCut, SeatedRecovery } from "@festina/fastchain";
import type { Address, Hash32, Result } from "@festina/primitives";
import {
  type AnchorRun,
  advanceRun,
  judgeStall,
  recoveryWindow,
  type SnailChain,
  type Stall,
  traceRun,
} from "@festina/snailchain";
import type { CommittedChain } from "../chain/committedChain.ts";
import type { Log } from "../log.ts";
import { describeRecovery } from "./describeRecovery.ts";

export interface RecoveryServiceOptions {
  readonly spec: ChainSpec;
  readonly committed: CommittedChain;
  readonly snail: Pick<SnailChain, "headEntry" | "entryByHash" | "canonicalHash">;
  /** Who follows, by the rules; fails while fruits of the window are not here. */
  readonly draw: (base: HybridState, cut: RecoveryCut) => Promise<Result<SeatedRecovery>>;
  /** Runs when nothing else touches the fast chain. */
  readonly exclusively: (task: () => Promise<void>) => Promise<void>;
  /** Members of the sitting committee that have not voted lately. */
  readonly missing: () => readonly Address[];
  /** Another committee sits, or the sitting one signs again or no more. */
  readonly onChanged: () => void;
  readonly log: Log;
  readonly onFatal: (error: unknown) => void;
}

interface Stand {
  readonly run: AnchorRun;
  /** `null` where recovery has no say. */
  readonly stall: Stall | null;
  readonly cutHash: Hash32 | null;
}

export class RecoveryService {
  readonly #options: RecoveryServiceOptions;
  #stand: Stand | null = null;
  #maySign = true;
  #isSeating = false;
  /** Who was missing when the cool-down began: nobody votes in it, so that it cannot be seen any more. */
  #silent: ReadonlySet<Address> = new Set();
  /** The cut that the last hazard named. */
  #hazard: Hash32 | null = null;

  constructor(options: RecoveryServiceOptions) {
    this.#options = options;
  }

  /** Whether the committee that sits here may sign, as far as recovery is concerned. */
  get maySign(): boolean {
    return this.#maySign;
  }

  /** What comes next, in words; `null` while recovery is off. */
  get description(): string | null {
    const { spec, committed } = this.#options;
    if (spec.recovery === undefined || this.#stand === null) return null;
    const { run, stall } = this.#stand;
    return describeRecovery(stall, {
      anchor: run.anchorNumber,
      isInConflict: this.#isInConflict(),
      head: committed.head,
    });
  }

  /** Of the validators that a miner supports those that may be alive; all of them when nobody seems to be. */
  supported(validators: readonly Address[]): readonly Address[] {
    const heard = validators.filter((validator) => !this.#silent.has(validator));
    return heard.length > 0 ? heard : validators;
  }

  /** After each change of the best snail chain or of the final fast chain, and before consensus begins. */
  refresh(): void {
    if (this.#options.spec.recovery === undefined) return;
    const before = this.#stand?.stall ?? null;
    this.#stand = this.#look();
    this.#noteSilent(before);
    this.#report(before);
    this.#update();
    if (!this.#isSeating && this.#wanted() !== "seated") this.#seat();
  }

  #look(): Stand {
    const { snail, spec, committed } = this.#options;
    const { hash, block } = snail.headEntry();
    const known = this.#stand?.run ?? null;
    const isNext = known !== null && known.tipHash === block.header.parentHash && known.tipNumber > 0;
    const run =
      known?.tipHash === hash
        ? known
        : isNext
          ? advanceRun(known, block.header, hash)
          : traceRun({ byHash: (wanted) => snail.entryByHash(wanted) }, hash);
    const judged = judgeStall(run, spec);
    const isOurs = judged !== null && committed.recoveryEpoch(run.anchorNumber, judged.cycle) !== undefined;
    const stall = isOurs ? judged : null;
    const cutHash = stall === null || stall.cycle === 0 ? null : (snail.canonicalHash(stall.cutNumber) ?? null);
    return { run, stall, cutHash };
  }

  /** The recovery that stands on the anchor here. */
  #standing(): SeatedRecovery | undefined {
    const anchorHash = this.#stand?.run.anchorHash;
    return this.#options.committed.recoveries.find(({ blockHash }) => blockHash === anchorHash);
  }

  /** Final blocks here lie above what the best snail chain has cut off: this node stays with them. */
  #isInConflict(): boolean {
    const cutHash = this.#stand?.cutHash ?? null;
    if (this.#stand === null || cutHash === null) return false;
    const isAbove = this.#options.committed.head.header.number > this.#stand.run.anchorNumber;
    return isAbove && this.#standing()?.cutHash !== cutHash;
  }

  /** What is to be seated on the head or taken from it; `seated` when all is as it should be. */
  #wanted(): RecoveryCut | "none" | "seated" {
    const { committed, spec } = this.#options;
    const head = committed.head.header.number;
    const seated = committed.recoveries.find(({ blockNumber }) => blockNumber === head);
    if (this.#stand === null || this.#isInConflict()) return "seated";
    const { run, stall, cutHash } = this.#stand;
    if (stall === null || cutHash === null || run.anchorNumber !== head)
      return seated === undefined || run.anchorNumber > head ? "seated" : "none";
    if (seated?.cutHash === cutHash) return "seated";
    const { cycle, cutNumber } = stall;
    return { cycle, number: cutNumber, hash: cutHash, window: recoveryWindow(cutNumber, spec.preset) };
  }

  #seat(): void {
    this.#isSeating = true;
    this.#options
      .exclusively(() => this.#seatNow())
      .catch(this.#options.onFatal)
      .finally(() => {
        this.#isSeating = false;
        this.#update();
      });
  }

  async #seatNow(): Promise<void> {
    const { committed, draw, log, onChanged } = this.#options;
    // The chains may have moved on while this waited, or while it was drawing.
    for (let wanted = this.#wanted(); wanted !== "seated"; wanted = this.#wanted()) {
      if (wanted === "none") {
        committed.seatRecovery(null);
        log.warn("recoveryWithdrawn", { number: committed.head.header.number, hash: committed.head.hash });
      } else {
        const base = committed.recordedState(committed.head.header.number);
        const drawn = base === undefined ? null : await draw(base, wanted);
        // Fruits may still be on their way: the next snail block asks again.
        if (drawn === null || !drawn.ok) return;
        const still = this.#wanted();
        if (still === "seated" || still === "none" || still.hash !== wanted.hash) continue;
        committed.seatRecovery(drawn.value);
        const { epoch, members, cutNumber, blockNumber } = drawn.value;
        const seats = members.map((member) => member.seats).join("+");
        log.warn("recoverySeated", { epoch, block: blockNumber, cut: cutNumber, members: members.length, seats });
      }
      this.#maySign = this.#judgeSigning();
      onChanged();
    }
  }

  #update(): void {
    const maySign = this.#judgeSigning();
    if (maySign === this.#maySign) return;
    this.#maySign = maySign;
    this.#options.onChanged();
  }

  #judgeSigning(): boolean {
    if (this.#isInConflict()) return false;
    const stall = this.#stand?.stall ?? null;
    const isSettled = this.#wanted() === "seated";
    return isSettled && (stall === null || stall.phase === "live");
  }

  #noteSilent(before: Stall | null): void {
    const stall = this.#stand?.stall ?? null;
    const isSilence = stall !== null && (stall.phase !== "live" || stall.cycle > 0);
    if (!isSilence) this.#silent = new Set();
    else if (stall.phase === "coolDown" && before?.phase === "live") this.#silent = new Set(this.#options.missing());
  }

  #report(before: Stall | null): void {
    const { log, committed } = this.#options;
    const { run, stall, cutHash } = this.#stand as Stand;
    if (stall?.phase === "coolDown" && before?.phase !== "coolDown")
      log.warn("recoveryCoolDown", {
        anchor: run.anchorNumber,
        snailNumber: run.tipNumber,
        blocksLeft: stall.blocksLeft,
      });
    if (!this.#isInConflict() || this.#hazard === cutHash) return;
    this.#hazard = cutHash;
    const head = committed.head.header.number;
    const message = `blocks up to ${head} are final here, but the heaviest snail chain anchors none above ${run.anchorNumber} and has seated another committee there`;
    log.error("hazard", { message });
  }
}
