import type { ReceiveAllowance } from "../limits.ts";
import { MESSAGE_CLASSES, type MessageClass } from "../wire/messageType.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** Counts what one peer sends, per class, in messages and in bytes. */
export class ReceiveMeter {
  readonly #buckets: ReadonlyMap<MessageClass, { readonly messages: TokenBucket; readonly bytes: TokenBucket }>;

  constructor(allowances: Readonly<Record<MessageClass, ReceiveAllowance>>, nowMs: number) {
    this.#buckets = new Map(
      MESSAGE_CLASSES.map((messageClass) => {
        const allowance = allowances[messageClass];
        const messages = new TokenBucket(allowance.messagesPerSecond, allowance.messagesBurst, nowMs);
        const bytes = new TokenBucket(allowance.bytesPerSecond, allowance.bytesBurst, nowMs);
        return [messageClass, { messages, bytes }];
      }),
    );
  }

  /** False when the frame is above the allowance; then nothing is counted. */
  admit(messageClass: MessageClass, frameBytes: number, nowMs: number): boolean {
    const bucket = this.#buckets.get(messageClass);
    if (bucket === undefined || !bucket.bytes.covers(frameBytes, nowMs)) return false;
    return bucket.messages.take(1, nowMs) && bucket.bytes.take(frameBytes, nowMs);
  }
}
