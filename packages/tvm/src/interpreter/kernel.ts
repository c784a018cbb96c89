// The kernel as the host sees it: what it exports and asks for, and how its records are laid out. The same is said to the
// kernel in adapters/assembly/evm: layout.ts, host.ts, calls/request.ts, calls/ending.ts, state/accounts.ts, slots.ts, logs.ts.

/** What the kernel asks the host for; addresses point at records and words in its memory. */
export interface KernelHost {
  /** @returns flags */
  loadAccount(account: number): number;
  loadCode(account: number): void;
  loadSlot(slot: number): void;
  hasStorage(account: number): number;
  placeInitCode(from: number, length: number, to: number): void;
  placeCode(from: number, length: number, account: number): void;
  blockHashOf(number: number): void;
  /** Asked for by the build that traces, only. */
  traceStep?(frame: number): void;
  traceEnter?(opcode: number, frame: number): void;
  traceExit?(frame: number): void;
}

export interface KernelExports {
  readonly table: WebAssembly.Table;
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  opcodesPointer(): number;
  scratchPointer(): number;
  contextPointer(): number;
  requestPointer(): number;
  endingPointer(): number;
  burnedPointer(): number;
  accountsPointer(): number;
  accountCount(): number;
  collectChanges(): number;
  changesPointer(): number;
  changedAccountsPointer(): number;
  logsPointer(): number;
  logsEnd(): number;
  refund(): bigint;
  spentPointer(): number;
  hotPointer(): number;
  stackBytesMax(): number;
  freePointer(): number;
  setRooms(stacks: number, output: number, outputBytes: number, memoryRoom: number): void;
  setPrecompiles(last: number, apart: number): void;
  /** Calls reach precompiled contracts only where `addMovedPrecompile` says from now on. */
  movePrecompiles(): void;
  /** The address is in a word. @returns 0 when there are too many */
  addMovedPrecompile(pointer: number): number;
  setCodeLimits(code: number, initCode: number): void;
  /** Whether the host places all init code, or only what is long. */
  leaveInitCode(toHost: number): void;
  returnDataSize(): number;
  balanceOf(frame: number): number;
  balanceOfCaller(): number;
  slotValue(frame: number, key: number): number;
  prepare(): void;
  /** @returns its record */
  warmAccount(address: number): number;
  warmSlot(address: number, key: number): void;
  delegateAt(address: number, to: number): number;
  begin(): number;
  resume(isDone: number, gasUsed: bigint, output: number, length: number): number;
  /** Gas of a slice; 0 for runs without pauses. */
  setSlice(gas: bigint): void;
  /** Code is to lie where other code lay. */
  forgetSegments(): void;
  pauseBelowPointer(): number;
  goOn(): number;
}

/** Makes an instance of the kernel around a host. */
export type InstantiateKernel = (host: KernelHost) => KernelExports;

/** What `begin`, `resume` and `goOn` answer with while the run has not ended. */
export const RUN_WAITS = 1;
export const RUN_PAUSED = 2;

/** Fields of a frame that compiled code uses, in bytes from its beginning. */
export const FIELD = {
  code: 0,
  codeLength: 4,
  pc: 12,
  stack: 16,
  top: 20,
  memory: 24,
  memorySize: 28,
  inputLength: 36,
  functions: 52,
  gas: 56,
  address: 64,
  caller: 96,
  value: 128,
} as const;

/** Words of the transaction and the block, in bytes from their beginning. */
export const CONTEXT_OFFSET = {
  origin: 0,
  gasPrice: 32,
  coinbase: 64,
  timestamp: 96,
  number: 128,
  prevRandao: 160,
  gasLimit: 192,
  chainId: 224,
  baseFee: 256,
  blobBaseFee: 288,
} as const;

export const REQUEST = {
  gas: 0,
  address: 32,
  codeAddress: 64,
  caller: 96,
  value: 128,
  input: 160,
  inputLength: 164,
  wanted: 168,
  wantedLength: 172,
  result: 176,
  isStatic: 180,
  isCreation: 184,
  movesValue: 188,
  isDelegated: 192,
} as const;

export const ENDING = { status: 0, length: 4, output: 8, gas: 16 } as const;

export const ACCOUNT = {
  address: 0,
  balance: 32,
  codeHash: 64,
  nonce: 96,
  flags: 104,
  code: 108,
  codeLength: 112,
  bytes: 128,
} as const;

export const ACCOUNT_FLAG = {
  isLoaded: 1,
  exists: 2,
  hasCode: 4,
  isTouched: 32,
  isDestructed: 128,
  hasNewCode: 256,
  isChanged: 512,
  mayHaveStorage: 1024,
} as const;

/** Five fields of 32 bits that say where code is, wherever they stand. */
export const CODE = { pointer: 0, length: 4, jumpTargets: 8, functions: 12, runner: 16 } as const;

/** The eight bytes before every code. */
export const HEAT_BYTES = 8;

/** Gas used since it was read, 64 bits each, and codes that have become hot: their number, then their addresses. */
export const SPENT = { interpreted: 0, compiled: 8, bytes: 16 } as const;
export const HOT = { count: 0, codes: 4 } as const;

export const SLOT = { key: 0, value: 32, account: 96 } as const;

/** A changed slot, as it is collected. */
export const CHANGE = { key: 0, value: 32, bytes: 64 } as const;

export const LOG = { account: 0, topicCount: 4, length: 8, topics: 16 } as const;
