// Messages of the next epoch that come before we are in it.
import type { BftInput } from "@festina/fastchain";

/** What a peer sent. */
export type MessageInput = Extract<BftInput, { readonly from: string }>;

const MESSAGES_MAX = 1_024;
/** Of one sender: a proposal, votes of every kind and certificates of a few views; more is no honest hurry. */
const PER_SENDER_MAX = 32;

/** Keeps them for the epoch they are of. No sender can fill the room of the others. */
export class EarlyMessages {
  #epoch = 0;
  #messages: MessageInput[] = [];
  readonly #counts = new Map<string, number>();

  get size(): number {
    return this.#messages.length;
  }

  /** False when there is no room. */
  add(epoch: number, input: MessageInput): boolean {
    if (epoch !== this.#epoch) this.#reset(epoch);
    const count = this.#counts.get(input.from) ?? 0;
    if (count >= PER_SENDER_MAX || this.#messages.length >= MESSAGES_MAX) return false;
    this.#counts.set(input.from, count + 1);
    this.#messages.push(input);
    return true;
  }

  /** In order of arrival; nothing is kept. */
  take(epoch: number): readonly MessageInput[] {
    const messages = epoch === this.#epoch ? this.#messages : [];
    this.#reset(0);
    return messages;
  }

  #reset(epoch: number): void {
    this.#epoch = epoch;
    this.#messages = [];
    this.#counts.clear();
  }
}
