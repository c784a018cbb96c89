// What of a state is fetched from whom: a state machine over peers and tasks, without sockets, disk or clock.
import { assert, bytesToBigint, type Hash32 } from "@festina/primitives";

/** What is still to be fetched. Keys are hashed ones; `to` is included. */
export type StateTask =
  | { readonly kind: "accounts"; readonly index: number; readonly from: Uint8Array; readonly to: Uint8Array }
  | { readonly kind: "slots"; readonly root: Hash32; readonly from: Uint8Array }
  | { readonly kind: "code"; readonly hash: Hash32 };

export type TaskKind = StateTask["kind"];

/** `forged`: not what it was asked for. `silent`: no answer. `lacking`: does not have it. `busy`: not now. */
export type Failing = "forged" | "silent" | "lacking" | "busy";

export type PlanInput =
  | { readonly kind: "peerCame"; readonly peer: string }
  | { readonly kind: "peerLeft"; readonly peer: string }
  /**
   * The first `rests.length` tasks of a request were answered truly: where each goes on, `null` when it is done.
   * `found` is what accounts name and what is not here yet.
   */
  | {
      readonly kind: "answered";
      readonly id: number;
      readonly rests: readonly (Uint8Array | null)[];
      readonly found: readonly StateTask[];
    }
  | { readonly kind: "failed"; readonly id: number; readonly why: Failing; readonly nowMs: number }
  | { readonly kind: "tick"; readonly nowMs: number };

export interface StateRequest {
  readonly id: number;
  readonly peer: string;
  readonly tasks: readonly StateTask[];
}

export type PlanEffect =
  | { readonly kind: "request"; readonly request: StateRequest }
  /** To be written together with what the answer brought. */
  | { readonly kind: "saveTasks"; readonly changed: readonly StateTask[]; readonly done: readonly StateTask[] }
  | { readonly kind: "blame"; readonly peer: string; readonly why: "forged" | "silent" }
  /** Nobody has this state (any more). */
  | { readonly kind: "unserved" }
  | { readonly kind: "done" };

const SPANS = 16;
const REQUESTS_PER_PEER = 3;
/** Storages and codes are fetched before more accounts name more of them. */
const PENDING_MAX = 4_096;
const SLOTS_PER_REQUEST = 64;
const CODES_PER_REQUEST = 64;
/** In a row; an honest peer under load may miss one. */
const SILENCES_MAX = 2;
const BUSY_MS = 500;

interface PeerState {
  open: number;
  silences: number;
  restsUntilMs: number;
  isLacking: boolean;
}

/** One name per task, whatever is left of it. */
export function taskName(task: StateTask): string {
  if (task.kind === "accounts") return `a${task.index}`;
  return task.kind === "slots" ? `s${task.root}` : `c${task.hash}`;
}

/** All accounts of a state, in stretches that different peers can work on. */
export function initialTasks(): readonly StateTask[] {
  return Array.from({ length: SPANS }, (_, index) => {
    const from = new Uint8Array(32);
    const to = new Uint8Array(32).fill(0xff);
    from[0] = (index * 256) / SPANS;
    to[0] = ((index + 1) * 256) / SPANS - 1;
    return { kind: "accounts", index, from, to };
  });
}

export class StatePlan {
  readonly #peers = new Map<string, PeerState>();
  /** Whoever lied stays out, however often it comes. */
  readonly #liars = new Set<string>();
  readonly #waiting: Readonly<Record<TaskKind, Map<string, StateTask>>> = {
    accounts: new Map(),
    slots: new Map(),
    code: new Map(),
  };
  readonly #open = new Map<number, StateRequest>();
  readonly #running = new Set<string>();
  #nextId = 1;
  #nowMs = 0;
  #isOver = false;

  constructor(tasks: readonly StateTask[]) {
    for (const task of tasks) this.#waiting[task.kind].set(taskName(task), task);
  }

  /** Share of the accounts' keys that is done, from 0 to 1: hashed keys are spread evenly. */
  get share(): number {
    const left = [...this.#waiting.accounts.values(), ...[...this.#open.values()].flatMap(({ tasks }) => tasks)];
    let keys = 0;
    for (const task of left)
      if (task.kind === "accounts") keys += Number((bytesToBigint(task.to) - bytesToBigint(task.from)) >> 224n);
    return 1 - keys / 2 ** 32;
  }

  get pending(): number {
    return this.#waiting.slots.size + this.#waiting.code.size + this.#running.size;
  }

  step(input: PlanInput): readonly PlanEffect[] {
    if (this.#isOver) return [];
    const effects: PlanEffect[] = [];
    switch (input.kind) {
      case "peerCame":
        if (!this.#liars.has(input.peer))
          this.#peers.set(input.peer, { open: 0, silences: 0, restsUntilMs: 0, isLacking: false });
        break;
      case "peerLeft":
        this.#peers.delete(input.peer);
        for (const { id, peer } of [...this.#open.values()]) if (peer === input.peer) this.#close(id);
        break;
      case "answered":
        this.#onAnswered(input, effects);
        break;
      case "failed":
        this.#nowMs = Math.max(this.#nowMs, input.nowMs);
        this.#onFailed(input.id, input.why, effects);
        break;
      case "tick":
        this.#nowMs = Math.max(this.#nowMs, input.nowMs);
        break;
    }
    this.#ask(effects);
    return effects;
  }

  /** The request is over; its tasks wait again. */
  #close(id: number): StateRequest | undefined {
    const request = this.#open.get(id);
    if (request === undefined) return undefined;
    this.#open.delete(id);
    const peer = this.#peers.get(request.peer);
    if (peer !== undefined) peer.open = Math.max(0, peer.open - 1);
    for (const task of request.tasks) {
      this.#running.delete(taskName(task));
      this.#waiting[task.kind].set(taskName(task), task);
    }
    return request;
  }

  #onAnswered({ id, rests, found }: Extract<PlanInput, { kind: "answered" }>, effects: PlanEffect[]): void {
    const request = this.#close(id);
    if (request === undefined) return;
    const peer = this.#peers.get(request.peer);
    if (peer !== undefined) peer.silences = 0;
    assert(rests.length <= request.tasks.length, "no more is answered than was asked");
    const changed: StateTask[] = [];
    const done: StateTask[] = [];
    rests.forEach((rest, index) => {
      const task = request.tasks[index];
      if (task === undefined) return;
      if (rest === null || task.kind === "code") {
        this.#waiting[task.kind].delete(taskName(task));
        done.push(task);
      } else {
        const left = { ...task, from: rest };
        this.#waiting[task.kind].set(taskName(task), left);
        changed.push(left);
      }
    });
    for (const task of found) {
      const name = taskName(task);
      if (this.#waiting[task.kind].has(name) || this.#running.has(name)) continue;
      this.#waiting[task.kind].set(name, task);
      changed.push(task);
    }
    effects.push({ kind: "saveTasks", changed, done });
  }

  #onFailed(id: number, why: Failing, effects: PlanEffect[]): void {
    const request = this.#close(id);
    const peer = request === undefined ? undefined : this.#peers.get(request.peer);
    if (request === undefined || peer === undefined) return;
    if (why === "lacking") peer.isLacking = true;
    if (why === "busy") peer.restsUntilMs = this.#nowMs + BUSY_MS;
    if (why === "silent") {
      peer.silences += 1;
      peer.restsUntilMs = this.#nowMs + BUSY_MS;
    }
    // Somebody slow is better than nobody.
    const isOut =
      why === "forged" || (why === "silent" && peer.silences >= SILENCES_MAX && this.#hasOthers(request.peer));
    if (!isOut) return;
    effects.push({ kind: "blame", peer: request.peer, why: why === "forged" ? "forged" : "silent" });
    if (why === "forged") this.#liars.add(request.peer);
    this.#peers.delete(request.peer);
    for (const other of [...this.#open.values()]) if (other.peer === request.peer) this.#close(other.id);
  }

  #hasOthers(peer: string): boolean {
    return [...this.#peers].some(([other, { silences, isLacking }]) => other !== peer && silences === 0 && !isLacking);
  }

  #ask(effects: PlanEffect[]): void {
    const { accounts, slots, code } = this.#waiting;
    if (accounts.size + slots.size + code.size + this.#open.size === 0) {
      this.#isOver = true;
      effects.push({ kind: "done" });
      return;
    }
    for (;;) {
      const peer = this.#idlest();
      const tasks = peer === undefined ? [] : this.#nextTasks();
      if (peer === undefined || tasks.length === 0) break;
      const request = { id: this.#nextId++, peer, tasks };
      for (const task of tasks) {
        this.#waiting[task.kind].delete(taskName(task));
        this.#running.add(taskName(task));
      }
      this.#open.set(request.id, request);
      const state = this.#peers.get(peer);
      if (state !== undefined) state.open += 1;
      effects.push({ kind: "request", request });
    }
    const known = [...this.#peers.values()];
    if (this.#open.size === 0 && known.length > 0 && known.every(({ isLacking }) => isLacking))
      effects.push({ kind: "unserved" });
  }

  #idlest(): string | undefined {
    let best: string | undefined;
    let fewest = REQUESTS_PER_PEER;
    for (const [peer, { open, restsUntilMs, isLacking }] of this.#peers) {
      if (isLacking || restsUntilMs > this.#nowMs || open >= fewest) continue;
      best = peer;
      fewest = open;
    }
    return best;
  }

  #nextTasks(): readonly StateTask[] {
    const { accounts, slots, code } = this.#waiting;
    if (code.size > 0) return take(code, CODES_PER_REQUEST);
    if (slots.size >= SLOTS_PER_REQUEST || accounts.size === 0 || this.pending >= PENDING_MAX)
      return take(slots, SLOTS_PER_REQUEST);
    return take(accounts, 1);
  }
}

function take(tasks: ReadonlyMap<string, StateTask>, max: number): readonly StateTask[] {
  return [...tasks.values()].slice(0, max);
}
