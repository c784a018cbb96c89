// How much compiling may cost, and what makes code worth it. Figures: docs/adr/0020.

export interface CompileBounds {
  readonly codeBytesMax: number;
  /** A function per place where code is entered: jump destinations, and the places behind calls. */
  readonly functionsMax: number;
  readonly moduleBytesMax: number;
  /** The same for short code, besides a start: code of which much is made costs more than it has paid for. */
  readonly moduleBytesPerByteMax: number;
}

export type CompileRefusal = "CODE_TOO_LONG" | "TOO_MANY_FUNCTIONS" | "MODULE_TOO_LARGE";

/** For whoever has everything compiled at once and waits for it: tests, replays. */
export const NO_BOUNDS: CompileBounds = {
  codeBytesMax: Number.POSITIVE_INFINITY,
  functionsMax: Number.POSITIVE_INFINITY,
  moduleBytesMax: Number.POSITIVE_INFINITY,
  moduleBytesPerByteMax: Number.POSITIVE_INFINITY,
};

const MODULE_START_BYTES = 16_384;

export function moduleBytesMaxOf(codeBytes: number, { moduleBytesMax, moduleBytesPerByteMax }: CompileBounds): number {
  return Math.min(moduleBytesMax, MODULE_START_BYTES + moduleBytesPerByteMax * codeBytes);
}

/** What Solidity's compiler makes becomes 17 to 25 times as many bytes; the largest contract some 1,500 functions, 600 kB. */
export const HOT_BOUNDS: CompileBounds = {
  codeBytesMax: 24_576,
  functionsMax: 4_096,
  moduleBytesMax: 786_432,
  moduleBytesPerByteMax: 40,
};

const HOT_GAS = 1_000_000n;
const HOT_GAS_PER_BYTE = 4_000n;

/**
 * Gas that code uses in the interpreter before it is compiled: about as much as the interpreter runs in the time that
 * compiling takes, so that no order of calls makes a node spend more than twice what the best choice had cost.
 */
export function hotGasOf(codeBytes: number): bigint {
  return HOT_GAS + HOT_GAS_PER_BYTE * BigInt(codeBytes);
}
