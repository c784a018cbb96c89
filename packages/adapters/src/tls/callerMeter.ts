import { TokenBucket } from "@festina/network";
import { LruMap } from "@festina/primitives";
import type { TlsTransportLimits } from "./tlsSettings.ts";

/** Addresses that have called lately; whoever has more than these at hand is not held up by counting. */
const HOSTS_MAX = 1_024;

/** Counts who calls, before anything is spent on a caller. */
export class CallerMeter {
  readonly #limits: Pick<TlsTransportLimits, "callersPerSecond" | "callersBurst">;
  readonly #hosts = new LruMap<string, TokenBucket>(HOSTS_MAX);

  constructor(limits: Pick<TlsTransportLimits, "callersPerSecond" | "callersBurst">) {
    this.#limits = limits;
  }

  /** False where this address has called too often. */
  admit(host: string, nowMs: number): boolean {
    let bucket = this.#hosts.get(host);
    if (bucket === undefined) {
      bucket = new TokenBucket(this.#limits.callersPerSecond, this.#limits.callersBurst, nowMs);
      this.#hosts.set(host, bucket);
    }
    return bucket.take(1, nowMs);
  }
}
