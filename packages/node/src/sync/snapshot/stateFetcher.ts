// Fetches what a state plan asks for, verifies it, and writes each chunk in one batch with what is then left to do.
import type { Network, NodeId } from "@festina/network";
import { type Clock, type Hash32, repeatEvery, unreachable } from "@festina/primitives";
import { EMPTY_CODE_HASH, type KeySpan, LAST_KEY, type StateArchive } from "@festina/state";
import { type KeyValueStore, WriteBatch } from "@festina/storage";
import { EMPTY_ROOT } from "@festina/types";
import { decodeParts, encodeHashes } from "../payloads.ts";
import {
  CODES_PER_REQUEST_MAX,
  decodeChunks,
  encodeAccountsRequest,
  encodeSlotsRequest,
  STORAGES_PER_REQUEST_MAX,
} from "../statePayloads.ts";
import {
  type Failing,
  type PlanEffect,
  type PlanInput,
  StatePlan,
  type StateRequest,
  type StateTask,
} from "./statePlan.ts";
import { saveTasks } from "./taskRecord.ts";

export interface StateFetcherOptions {
  readonly network: Network;
  readonly archive: StateArchive;
  readonly store: KeyValueStore;
  readonly clock: Clock;
  /** The state's root: what all chunks of accounts are proved against. */
  readonly root: Hash32;
  readonly tasks: readonly StateTask[];
  readonly peers: readonly NodeId[];
  readonly blame: (peer: NodeId, why: "forged" | "silent") => void;
}

const REQUEST_TIMEOUT_MS = 8_000;
const TICK_MS = 250;

interface Taken {
  readonly rests: readonly (Uint8Array | null)[];
  readonly found: readonly StateTask[];
}

type Tasks<Kind extends StateTask["kind"]> = readonly Extract<StateTask, { kind: Kind }>[];

function only<Kind extends StateTask["kind"]>(tasks: readonly StateTask[], kind: Kind): Tasks<Kind> {
  return tasks.filter((task): task is Extract<StateTask, { kind: Kind }> => task.kind === kind);
}

export class StateFetcher {
  readonly #options: StateFetcherOptions;
  readonly #plan: StatePlan;
  #finish: (outcome: "done" | "unserved" | "stopped") => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  #writing: Promise<void> = Promise.resolve();
  #isStopped = false;
  /** Accounts taken since this began. */
  accounts = 0;

  constructor(options: StateFetcherOptions) {
    this.#options = options;
    this.#plan = new StatePlan(options.tasks);
  }

  get share(): number {
    return this.#plan.share;
  }

  async run(): Promise<"done" | "unserved" | "stopped"> {
    const ended = new Promise<"done" | "unserved" | "stopped">((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    const timer = repeatEvery(this.#options.clock, TICK_MS, () => this.#step({ kind: "tick", nowMs: this.#nowMs() }));
    for (const peer of this.#options.peers) this.#step({ kind: "peerCame", peer });
    this.#step({ kind: "tick", nowMs: this.#nowMs() });
    try {
      return await ended;
    } finally {
      this.#isStopped = true;
      timer.cancel();
      await this.#writing;
    }
  }

  onPeer(peer: NodeId, isHere: boolean): void {
    this.#step({ kind: isHere ? "peerCame" : "peerLeft", peer });
  }

  stop(): void {
    this.#finish("stopped");
  }

  #nowMs(): number {
    return this.#options.clock.nowMs();
  }

  #step(input: PlanInput, batch: WriteBatch | null = null): void {
    if (this.#isStopped) return;
    const effects = this.#plan.step(input);
    for (const effect of effects)
      if (effect.kind === "saveTasks" && batch !== null) saveTasks(batch, effect.changed, effect.done);
    if (batch === null) return this.#runAll(effects);
    // What follows from a chunk follows from its being written.
    this.#writing = this.#writing
      .then(() => this.#options.store.write(batch.operations))
      .then(() => this.#runAll(effects))
      .catch((error: unknown) => this.#fail(error));
  }

  #runAll(effects: readonly PlanEffect[]): void {
    for (const effect of effects) this.#run(effect);
  }

  #run(effect: PlanEffect): void {
    switch (effect.kind) {
      case "request":
        this.#ask(effect.request).catch((error: unknown) => this.#fail(error));
        return;
      case "saveTasks":
        return;
      case "blame":
        return this.#options.blame(effect.peer as NodeId, effect.why);
      case "unserved":
      case "done":
        return this.#finish(effect.kind);
      default:
        return unreachable(effect);
    }
  }

  async #ask({ id, peer, tasks }: StateRequest): Promise<void> {
    const { network } = this.#options;
    const [first] = tasks;
    const batch = new WriteBatch();
    let taken: Taken | Failing = "busy";
    if (first?.kind === "accounts") {
      const span: KeySpan = { from: first.from, to: first.to };
      const payload = encodeAccountsRequest({ root: this.#options.root, span });
      const answer = await network.request(peer as NodeId, "getAccounts", payload, REQUEST_TIMEOUT_MS);
      taken = answer.ok ? this.#takeAccounts(span, answer.value, batch) : failingOf(answer.error);
    } else if (first?.kind === "slots") {
      const wanted = only(tasks, "slots");
      const answer = await network.request(peer as NodeId, "getSlots", encodeSlotsRequest(wanted), REQUEST_TIMEOUT_MS);
      taken = answer.ok ? this.#takeSlots(wanted, answer.value, batch) : failingOf(answer.error);
    } else {
      const hashes = only(tasks, "code").map(({ hash }) => hash);
      const answer = await network.request(peer as NodeId, "getCodes", encodeHashes(hashes), REQUEST_TIMEOUT_MS);
      taken = answer.ok ? this.#takeCodes(hashes, answer.value, batch) : failingOf(answer.error);
    }
    if (typeof taken === "string") this.#step({ kind: "failed", id, why: taken, nowMs: this.#nowMs() });
    else this.#step({ kind: "answered", id, ...taken }, batch);
  }

  #takeAccounts(span: KeySpan, payload: Uint8Array, batch: WriteBatch): Taken | Failing {
    const { archive, root } = this.#options;
    const chunks = decodeChunks(payload, 1);
    const chunk = chunks.ok ? chunks.value[0] : undefined;
    if (chunk === undefined) return "forged";
    const taken = archive.takeAccounts(root, span, chunk, batch);
    if (!taken.ok) return "forged";
    this.accounts += taken.value.records.length;
    const found: StateTask[] = [];
    for (const { storageRoot, codeHash } of taken.value.records) {
      if (storageRoot !== EMPTY_ROOT && !archive.holds(storageRoot))
        found.push({ kind: "slots", root: storageRoot, from: new Uint8Array(32) });
      if (codeHash !== EMPTY_CODE_HASH && archive.code(codeHash) === undefined)
        found.push({ kind: "code", hash: codeHash });
    }
    return { rests: [taken.value.rest], found };
  }

  #takeSlots(wanted: Tasks<"slots">, payload: Uint8Array, batch: WriteBatch): Taken | Failing {
    const chunks = decodeChunks(payload, STORAGES_PER_REQUEST_MAX);
    if (!chunks.ok || chunks.value.length === 0 || chunks.value.length > wanted.length) return "forged";
    const rests: (Uint8Array | null)[] = [];
    for (const [index, chunk] of chunks.value.entries()) {
      const task = wanted[index];
      if (task === undefined) return "forged";
      const taken = this.#options.archive.takeSlots(task.root, { from: task.from, to: LAST_KEY }, chunk, batch);
      if (!taken.ok) return "forged";
      rests.push(taken.value);
    }
    return { rests, found: [] };
  }

  #takeCodes(hashes: readonly Hash32[], payload: Uint8Array, batch: WriteBatch): Taken | Failing {
    const codes = decodeParts(payload, CODES_PER_REQUEST_MAX);
    if (!codes.ok || codes.value.length === 0 || codes.value.length > hashes.length) return "forged";
    for (const [index, code] of codes.value.entries()) {
      const hash = hashes[index];
      if (hash === undefined || !this.#options.archive.takeCode(hash, code, batch).ok) return "forged";
    }
    return { rests: codes.value.map(() => null), found: [] };
  }
}

/** What an unanswered request says of the peer. */
function failingOf({
  code,
  facts,
}: {
  readonly code: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}): Failing {
  if (code === "TIMEOUT") return "silent";
  if (code !== "REFUSED") return "busy";
  return facts?.["reason"] === "BUSY" ? "busy" : "lacking";
}
