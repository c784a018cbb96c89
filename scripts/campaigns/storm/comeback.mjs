// How a killed member came back, milestone by milestone: what it tells in its log, and what an outsider hears of it.
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";

/** In the order in which a member passes them; the last two may come before the old head is reached. */
export const MILESTONES = /** @type {const} */ ([
  "spawned",
  "loaded",
  "opened",
  "listening",
  "connected",
  "head",
  "signed",
  "certified",
]);

const CHUNK_BYTES = 256 * 1024;

/** Lines that a process appends to its log from now on. */
class LogTail {
  #file;
  #position;
  #rest = "";

  constructor(file) {
    this.#file = file;
    this.#position = existsSync(file) ? statSync(file).size : 0;
  }

  read() {
    if (!existsSync(this.#file)) return [];
    const descriptor = openSync(this.#file, "r");
    try {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const length = readSync(descriptor, chunk, 0, CHUNK_BYTES, this.#position);
        if (length === 0) break;
        this.#position += length;
        this.#rest += chunk.toString("utf8", 0, length);
      }
    } finally {
      closeSync(descriptor);
    }
    const lines = this.#rest.split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  }
}

/**
 * One life of one member, from the moment at which its supervisor was told to start it. Moments are of the campaign's
 * monotonic clock; the log's are Unix milliseconds.
 */
export class Comeback {
  /** @type {Partial<Record<typeof MILESTONES[number], number>>} */
  atMs = {};
  /** @type {{ epoch: number, view: number } | null} */
  firstSignature = null;
  #tail;
  #peers = 0;
  #headBefore;
  #othersInQuorum;

  /** To be made while the process is dead: its log tells of the next life from here on. */
  constructor(logFile, headBefore, othersInQuorum) {
    this.#tail = new LogTail(logFile);
    this.#headBefore = headBefore;
    this.#othersInQuorum = othersInQuorum;
  }

  /** Takes in what the log has told since it was last read. */
  read() {
    for (const line of this.#tail.read()) this.#take(line, line.time - performance.timeOrigin);
  }

  #take(line, atMs) {
    switch (line.event) {
      case "starting":
        this.#pass("spawned", atMs - line.processMs);
        this.#pass("loaded", atMs);
        break;
      case "chainOpened":
        this.#pass("opened", atMs);
        if (line.head >= this.#headBefore) this.#pass("head", atMs);
        break;
      case "listening":
        this.#pass("listening", atMs);
        break;
      case "peerUp":
        if (line.role === "member") this.#peers += 1;
        if (this.#peers >= this.#othersInQuorum) this.#pass("connected", atMs);
        break;
      case "blockCommitted":
        if (line.number >= this.#headBefore) this.#pass("head", atMs);
        break;
      case "firstSignature":
        this.#pass("signed", atMs);
        this.firstSignature ??= { epoch: line.epoch, view: line.view };
        break;
    }
  }

  #pass(milestone, atMs) {
    this.atMs[milestone] ??= atMs;
  }

  /** `indexIn(epoch)` is the member's place in that committee. A signature of this life is in one of these certificates. */
  certify(certificates, indexIn) {
    const first = this.firstSignature;
    const signedMs = this.atMs.signed;
    if (first === null || signedMs === undefined || this.atMs.certified !== undefined) return;
    const isOfThisLife = ({ epoch, view }) => epoch > first.epoch || (epoch === first.epoch && view >= first.view);
    const found = certificates.find(
      (certificate) =>
        certificate.atMs >= signedMs &&
        isOfThisLife(certificate) &&
        certificate.members.includes(indexIn(certificate.epoch)),
    );
    if (found !== undefined) this.#pass("certified", found.atMs);
  }

  /** Milliseconds from `startedMs` to each milestone that was passed. */
  since(startedMs) {
    const passed = MILESTONES.filter((milestone) => this.atMs[milestone] !== undefined);
    return Object.fromEntries(
      passed.map((milestone) => [milestone, Math.max(0, Math.round((this.atMs[milestone] ?? 0) - startedMs))]),
    );
  }
}
