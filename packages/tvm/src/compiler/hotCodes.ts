// Which codes are compiled: hot ones, one at a time, by somebody who does not keep the runs waiting. What is refused, or
// was running when a run broke, stays with the interpreter for good.
import { BoundedQueue, type Hash32, LruMap } from "@festina/primitives";
import type { CompileRefusal } from "./compileBounds.ts";
import type { CompiledModule } from "./moduleLinks.ts";

export type RefusalReason = CompileRefusal | "TOO_SLOW" | "COMPILER_FAILED" | "ENGINE_FAULT";

export type CompileAnswer =
  | (CompiledModule & { readonly kind: "compiled"; readonly moduleBytes: number; readonly ms: number })
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly ms: number };

/** Compiles one code at a time, elsewhere; answers later. Nothing is asked before the last answer is there. */
export interface CompilePort {
  compile(code: Uint8Array, answer: (answer: CompileAnswer) => void): void;
}

export interface HotCodeLimits {
  /** Codes that wait for the compiler. */
  readonly queueMax: number;
  readonly modulesMax: number;
  /** Of all modules, as far as memory goes (`memoryOf`). */
  readonly bytesMax: number;
  /** Codes remembered as refused. */
  readonly refusedMax: number;
}

export const HOT_CODE_LIMITS: HotCodeLimits = {
  queueMax: 16,
  modulesMax: 256,
  bytesMax: 128 * 1024 * 1024,
  refusedMax: 4_096,
};

export interface CompilerStatus {
  readonly compiled: number;
  /** By reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Dropped for others that were used more recently. */
  readonly evicted: number;
  readonly waiting: number;
  readonly compileMs: number;
  readonly liveModules: number;
  /** Of memory, about. */
  readonly liveBytes: number;
  readonly gasInterpreted: number;
  readonly gasCompiled: number;
}

/** What V8 keeps of a module, machine code and all, measured with modules of few large functions and of many small ones. */
const KEPT_PER_MODULE_BYTE = 4;
const KEPT_PER_FUNCTION_BYTES = 2_048;

function memoryOf(moduleBytes: number, functions: Uint32Array): number {
  let count = 0;
  for (const entry of functions) if (entry !== 0) count += 1;
  return KEPT_PER_MODULE_BYTE * moduleBytes + KEPT_PER_FUNCTION_BYTES * count + functions.byteLength;
}

interface LiveCode extends CompiledModule {
  readonly bytes: number;
  usedAt: number;
}

export class HotCodes {
  readonly #port: CompilePort;
  readonly #limits: HotCodeLimits;
  readonly #live = new Map<Hash32, LiveCode>();
  readonly #refused: LruMap<Hash32, RefusalReason>;
  readonly #queue: BoundedQueue<{ readonly hash: Hash32; readonly code: Uint8Array }>;
  /** In the queue or with the compiler. */
  readonly #waiting = new Set<Hash32>();
  readonly #refusals = new Map<RefusalReason, number>();
  #isCompiling = false;
  #uses = 0;
  #removals = 0;
  #compiled = 0;
  #evicted = 0;
  #compileMs = 0;
  #liveBytes = 0;
  #gasInterpreted = 0;
  #gasCompiled = 0;

  constructor(port: CompilePort, limits: HotCodeLimits = HOT_CODE_LIMITS) {
    this.#port = port;
    this.#limits = limits;
    this.#refused = new LruMap(limits.refusedMax);
    this.#queue = new BoundedQueue(limits.queueMax);
  }

  /** Grows whenever a code is compiled no more. */
  get removals(): number {
    return this.#removals;
  }

  get status(): CompilerStatus {
    return {
      compiled: this.#compiled,
      refused: Object.fromEntries(this.#refusals),
      evicted: this.#evicted,
      waiting: this.#waiting.size,
      compileMs: Math.round(this.#compileMs),
      liveModules: this.#live.size,
      liveBytes: this.#liveBytes,
      gasInterpreted: this.#gasInterpreted,
      gasCompiled: this.#gasCompiled,
    };
  }

  has(hash: Hash32): boolean {
    return this.#live.has(hash);
  }

  find(hash: Hash32): CompiledModule | null {
    this.touch(hash);
    return this.#live.get(hash) ?? null;
  }

  /** It is used now, if it is there: what has not been for longest makes room for others. */
  touch(hash: Hash32): void {
    const live = this.#live.get(hash);
    if (live !== undefined) live.usedAt = ++this.#uses;
  }

  /** False when there is no room in the queue: it may be hot again later. */
  noteHot(hash: Hash32, code: Uint8Array): boolean {
    if (this.#live.has(hash) || this.#waiting.has(hash) || this.#refused.has(hash)) return true;
    if (!this.#queue.push({ hash, code })) return false;
    this.#waiting.add(hash);
    this.#compileNext();
    return true;
  }

  noteGas(interpreted: number, compiled: number): void {
    this.#gasInterpreted += interpreted;
    this.#gasCompiled += compiled;
  }

  /** Never compiled again, as long as this node lives. */
  bar(hash: Hash32, reason: RefusalReason): void {
    if (!this.#refused.has(hash)) this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
    this.#refused.set(hash, reason);
    this.#remove(hash);
  }

  #compileNext(): void {
    if (this.#isCompiling) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#isCompiling = true;
    this.#port.compile(next.code, (answer) => {
      this.#isCompiling = false;
      this.#waiting.delete(next.hash);
      this.#take(next.hash, answer);
      this.#compileNext();
    });
  }

  #take(hash: Hash32, answer: CompileAnswer): void {
    this.#compileMs += answer.ms;
    if (answer.kind === "refused") return this.bar(hash, answer.reason);
    if (this.#refused.has(hash)) return;
    const { module, functions, moduleBytes } = answer;
    const bytes = memoryOf(moduleBytes, functions);
    this.#compiled += 1;
    this.#live.set(hash, { module, functions, bytes, usedAt: ++this.#uses });
    this.#liveBytes += bytes;
    while (this.#live.size > this.#limits.modulesMax || this.#liveBytes > this.#limits.bytesMax) this.#evict();
  }

  /** The one that has not been used for longest. */
  #evict(): void {
    let oldest: Hash32 | null = null;
    let usedAt = Number.POSITIVE_INFINITY;
    for (const [hash, live] of this.#live) {
      if (live.usedAt >= usedAt) continue;
      oldest = hash;
      ({ usedAt } = live);
    }
    if (oldest === null) return;
    this.#remove(oldest);
    this.#evicted += 1;
  }

  #remove(hash: Hash32): void {
    const live = this.#live.get(hash);
    if (live === undefined) return;
    this.#live.delete(hash);
    this.#liveBytes -= live.bytes;
    this.#removals += 1;
  }
}
