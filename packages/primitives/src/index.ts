export { assert, InvariantError, OperationError, unreachable } from "./assert.ts";
export { BoundedQueue } from "./boundedQueue.ts";
export type { Brand } from "./brand.ts";
export {
  bigintToBytes,
  bigintToMinimalBytes,
  bytesToBigint,
  compareBytes,
  concatBytes,
  EMPTY_BYTES,
  equalBytes,
  newBytes,
  padLeft,
} from "./bytes.ts";
export { type Clock, pause, repeatEvery, type Timer } from "./clock.ts";
export {
  type Address,
  bytesToHex,
  type Hash32,
  type Hex,
  hexToBytes,
  isHex,
  parseAddress,
  parseHash32,
  toAddress,
  toHash32,
  writeHex,
  ZERO_ADDRESS,
  ZERO_HASH,
} from "./hex.ts";
export { maxBigint, minBigint } from "./integers.ts";
export { LruMap } from "./lruMap.ts";
export { createPrng, type Prng } from "./prng.ts";
export { RecentMap } from "./recentMap.ts";
export { type Failure, fail, ok, type Result } from "./result.ts";
export {
  decodeRlp,
  encodeRlp,
  RLP_DEPTH_MAX,
  RlpEncoded,
  type RlpItem,
  type RlpSource,
  rlpInteger,
} from "./rlp.ts";
export { type DecodeFailureCode, RlpReader, readRlp } from "./rlpReader.ts";
export { asciiToBytes } from "./utf8.ts";
