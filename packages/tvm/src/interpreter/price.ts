// Prices that depend on state (EIP-2929, 2200, 3529, 3860, 6780, 7702), in gas.
export const PRICE = {
  warmAccess: 100,
  coldAccount: 2_600,
  coldSlot: 2_100,
  slotSet: 20_000,
  slotReset: 2_900,
  refundClear: 4_800,
  refundRestoreSet: 19_900,
  refundRestoreReset: 2_800,
  callValue: 9_000,
  callStipend: 2_300,
  newAccount: 25_000,
  initCodeWord: 2,
  hashWord: 6,
  codeByte: 200,
} as const;

export const CODE_BYTES_MAX = 24_576;
export const INIT_CODE_BYTES_MAX = 2 * CODE_BYTES_MAX;

/** All but one 64th (EIP-150). */
export const passedOn = (gas: number): number => gas - Math.floor(gas / 64);

export const wordsOf = (bytes: number): number => Math.ceil(bytes / 32);
