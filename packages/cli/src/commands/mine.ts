import { type Address, EMPTY_BYTES, type Hex, hexToBytes, OperationError, ZERO_ADDRESS } from "@festina/primitives";
import { RpcAnswerError, type ShareOutcome } from "@festina/rpc";
import { typedAddress } from "../input/typedAddress.ts";
import { createTally, type MiningTally, PayWatch } from "../mining/miningTally.ts";
import { createJsonView, createLineView, createTerminalView, type MiningView } from "../mining/miningView.ts";
import { choosePayout } from "../mining/payoutAccount.ts";
import { type FedWork, WorkFeed } from "../mining/workFeed.ts";
import { WorkSearcher } from "../mining/workSearcher.ts";
import { type CommandContext, rpcUrl } from "./context.ts";

export interface MineOptions {
  readonly rpc?: string;
  readonly payout?: string;
  /** Key file of the account that is paid when no address is named. */
  readonly account: string;
  readonly support?: string;
  readonly threads: number;
  readonly cpuShare: number;
  readonly seconds?: number;
  readonly json?: boolean;
}

const VIEW_MS = 1_000;
const PAY_MS = 5_000;

function chooseView(context: CommandContext, options: MineOptions): MiningView {
  if (options.json === true) return createJsonView(context.print);
  if (process.stdout.isTTY) return createTerminalView((text) => process.stdout.write(text));
  return createLineView(context.print);
}

/** One run of `festina mine`: work from a node to the threads, nonces back, and what comes of it to the view. */
class MiningRun {
  readonly #view: MiningView;
  readonly #tally: MiningTally = createTally();
  readonly #pay: PayWatch;
  readonly #searcher: WorkSearcher;
  readonly #feed: WorkFeed;
  /** What no other work of this node would mend. */
  #failure: unknown = null;
  /** While it searched last. */
  #hashRate = 0;

  constructor(view: MiningView, url: string, payout: Address, supports: Address, options: MineOptions) {
    this.#view = view;
    this.#pay = new PayWatch(payout);
    this.#searcher = new WorkSearcher({
      threads: options.threads,
      cpuShare: options.cpuShare,
      onFound: (work, nonce) => this.#settle(this.#submit(work, nonce)),
      fetchSample: async (powKey) => {
        const sample = await this.#feed.node?.call<Hex | null>("snail_getPowSample", [powKey]);
        return sample == null ? EMPTY_BYTES : hexToBytes(sample);
      },
      onFailed: (error) => view.tell({ event: "failed", message: error.message }),
    });
    this.#feed = new WorkFeed({
      url,
      payout,
      supports,
      onWork: (work) => this.#search(work),
      onUp: (node) => this.#pay.begin(node),
      onDown: (reason, retryMs) => this.#idle(`${reason}; next try in ${retryMs / 1_000} s`),
    });
  }

  /** @throws when there is no node, or it refuses */
  async run(ended: Promise<void>): Promise<void> {
    const timers = [
      setInterval(() => this.#show(), VIEW_MS),
      setInterval(() => this.#settle(this.#lookAtPay()), PAY_MS),
    ];
    try {
      void ended.then(() => this.#feed.stop());
      await this.#feed.run();
      if (this.#failure !== null) throw this.#failure;
      this.#view.end(this.#tally, this.#hashRate);
    } finally {
      for (const timer of timers) clearInterval(timer);
      await this.#searcher.close();
    }
  }

  #show(): void {
    const rate = this.#searcher.hashRate();
    if (rate > 0) this.#hashRate = rate;
    this.#view.show(this.#tally, rate, this.#feed.node === null ? "not connected" : this.#searcher.state);
  }

  #search(work: FedWork | null): void {
    if (work === null) return this.#searcher.stop();
    this.#tally.snailNumber = Number(work.number);
    try {
      this.#searcher.start(work);
    } catch (error) {
      this.#failure = error;
      this.#feed.stop();
    }
  }

  #idle(reason: string): void {
    this.#view.tell({ event: "idle", reason });
  }

  async #submit(work: FedWork, nonce: bigint): Promise<void> {
    const { node } = this.#feed;
    if (node === null) return;
    try {
      const won = await node.call<ShareOutcome>("snail_submitWork", [work.workId, `0x${nonce.toString(16)}`]);
      if (won.fruit !== null) this.#tally.fruits++;
      if (won.block !== null) this.#tally.blocks++;
      this.#view.tell({ event: "accepted", fruit: won.fruit, block: won.block });
    } catch (error) {
      if (!(error instanceof RpcAnswerError)) throw error;
      const code = (error.data as { readonly code?: string } | undefined)?.code ?? String(error.code);
      const { refused } = this.#tally;
      if (code === "WORK_STALE") this.#tally.stale++;
      else refused.set(code, (refused.get(code) ?? 0) + 1);
      this.#view.tell({ event: "refused", code, message: error.message });
    }
  }

  async #lookAtPay(): Promise<void> {
    const { node } = this.#feed;
    if (node === null) return;
    const paidWei = await this.#pay.look(node, this.#searcher.hashRate(), this.#tally);
    if (paidWei > 0n) this.#view.tell({ event: "paid", amountWei: paidWei });
  }

  /** A node that is gone shows in the feed; everything else is told. */
  #settle(task: Promise<void>): void {
    task.catch((error: unknown) => {
      if (error instanceof OperationError) return;
      this.#view.tell({ event: "failed", message: error instanceof Error ? error.message : String(error) });
    });
  }
}

/** `festina mine`: searches nonces for work that a node hands out, until Ctrl-C. Answers with the exit code. */
export async function mine(context: CommandContext, options: MineOptions): Promise<number> {
  const supports = options.support === undefined ? ZERO_ADDRESS : typedAddress(options.support);
  const { address, madeFile } = choosePayout(options);
  if (madeFile !== null && options.json !== true)
    context.print(`made the account ${address}; its key is in ${madeFile}: who has it has the pay`);
  const url = rpcUrl(options);
  const { threads, cpuShare } = options;
  const view = chooseView(context, options);
  const isSupporting = supports !== ZERO_ADDRESS;
  const run = new MiningRun(view, url, address, supports, options);
  view.tell({
    event: "mining",
    payout: address,
    supports: isSupporting ? supports : null,
    rpc: url,
    threads,
    cpuShare,
  });
  const ended = new Promise<void>((finish) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => finish());
    if (options.seconds !== undefined) setTimeout(finish, options.seconds * 1_000).unref();
  });
  await run.run(ended);
  return 0;
}
