/**
 * How a run shares its thread: it pauses after every slice of gas, and rests when it has kept the thread for long enough.
 * Nothing of it can be seen in results. An engine without a pace runs each call to its end.
 */
export interface Pace {
  /** Gas between two pauses; jumps and calls only are places to pause at, so a slice takes a little more. */
  readonly sliceGas: bigint;
  /** Resolves when others have had their turn; `null` when none is due. */
  rest(): Promise<void> | null;
}
