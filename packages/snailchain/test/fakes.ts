// What the tests of this package share: a committed fast chain by hand, a store in memory, and a miner that searches.
import { type ChainSpec, createDevnetSpec, TEST_PRESET } from "@festina/chainspec";
import { keccakHash } from "@festina/crypto";
import { type Address, asciiToBytes, type Hash32, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import {
  type Certificate,
  encodeCertificate,
  type Fruit,
  hashFruit,
  hashSnailHeader,
  type SnailBlock,
  type SnailHeader,
  sealHash,
} from "@festina/types";
import {
  assembleSnailCandidate,
  type CommittedFastBlock,
  completeCandidate,
  computeBoundaryHash,
  computePowWins,
  type FastView,
  keccakPowEngine,
  type MiningAnchor,
  type PowEngine,
  SnailChain,
  type SnailEffect,
  type SnailRecord,
  type SnailStore,
} from "../src/index.ts";

export const GENESIS_SECONDS = 1_800_000_000;
export const hash = (name: string): Hash32 => keccakHash(asciiToBytes(name));
export const address = (byte: string): Address => `0x${byte.repeat(20)}` as Address;

export function testSpec(changes: Partial<ChainSpec> = {}): ChainSpec {
  const validator = {
    address: address("01"),
    payout: address("02"),
    publicKey: "0x03",
    proofOfPossession: "0x04",
  } as const;
  const base = createDevnetSpec({
    signatureSuite: "bls",
    chainId: 1337n,
    genesisTimeSeconds: GENESIS_SECONDS,
    genesisDifficulty: 16n,
    validators: [validator],
    developmentAccounts: [],
  });
  // Nearly constant difficulty, so that a test can say what it expects.
  return { ...base, preset: { ...TEST_PRESET, asertHalfLifeSeconds: 1_000_000 }, ...changes };
}

/** A fast chain whose blocks are committed at once. A certificate verifies when its signature is the right word. */
export class FakeFastView implements FastView {
  readonly blocks: (CommittedFastBlock & { readonly certificate: Certificate | null })[] = [];
  readonly boundaries: number[] = [];
  verifications = 0;
  knowsCommittees = true;
  /** People have seated a committee by hand. */
  isOverruled = false;

  constructor(snailGenesis: Hash32) {
    this.blocks.push({
      hash: hash("fast 0"),
      timeMs: GENESIS_SECONDS * 1_000,
      pointerHash: snailGenesis,
      pointerNumber: 0,
      certificate: null,
    });
  }

  commit(options: { seconds?: number; pointer?: { number: number; hash: Hash32 }; isBoundary?: boolean } = {}): number {
    const number = this.blocks.length;
    const before = this.blocks[number - 1]!;
    const blockHash = hash(`fast ${number}`);
    const timeMs = options.seconds === undefined ? before.timeMs + 100 : options.seconds * 1_000;
    this.blocks.push({
      hash: blockHash,
      timeMs,
      pointerHash: options.pointer?.hash ?? before.pointerHash,
      pointerNumber: options.pointer?.number ?? before.pointerNumber,
      certificate: certificateFor(blockHash),
    });
    if (options.isBoundary) this.boundaries.push(number);
    return number;
  }

  anchor(number = this.head()): MiningAnchor {
    const { hash: blockHash, timeMs, certificate } = this.blocks[number]!;
    return { number, hash: blockHash, timeMs, certificate };
  }

  /** The same chain as a node sees it that has committed fewer blocks; grows through `head`. */
  prefix(upTo: number): FastView & { upTo: number } {
    const whole = this;
    return {
      upTo,
      head() {
        return Math.min(this.upTo, whole.head());
      },
      committed(number) {
        return number <= this.upTo ? whole.committed(number) : undefined;
      },
      verifyCommitted: (certificate) => whole.verifyCommitted(certificate),
      boundaryAtOrBelow: (number) => whole.boundaryAtOrBelow(number),
      recoveryEpoch: (number, cycle) => whole.recoveryEpoch(number, cycle),
    };
  }

  head(): number {
    return this.blocks.length - 1;
  }

  committed(number: number): CommittedFastBlock | undefined {
    return this.blocks[number];
  }

  verifyCommitted(certificate: Certificate): "valid" | "invalid" | "unknown" {
    this.verifications++;
    if (!this.knowsCommittees) return "unknown";
    return certificate.signature[0] === 0x0a ? "valid" : "invalid";
  }

  recoveryEpoch(_number: number, cycle: number): number | undefined {
    return this.isOverruled ? undefined : cycle;
  }

  boundaryAtOrBelow(number: number): { number: number; hash: Hash32 } | undefined {
    const found = this.boundaries.filter((boundary) => boundary <= number).at(-1);
    return found === undefined ? undefined : { number: found, hash: this.blocks[found]!.hash };
  }
}

export function certificateFor(blockHash: Hash32, changes: Partial<Certificate> = {}): Certificate {
  return {
    kind: "committed",
    epoch: 0,
    view: 1,
    blockHash,
    signers: Uint8Array.of(0b1111111),
    signature: new Uint8Array(96).fill(0x0a),
    ...changes,
  };
}

export class MemoryStore implements SnailStore {
  readonly records = new Map<Hash32, SnailRecord>();
  readonly canonical = new Map<number, Hash32>();
  reads = 0;

  apply(effects: readonly SnailEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "storeBlock") this.records.set(effect.entry.hash, effect.entry);
      if (effect.kind !== "headChanged") continue;
      for (const entry of effect.reverted) this.canonical.delete(entry.block.header.number);
      for (const entry of effect.applied) this.canonical.set(entry.block.header.number, entry.hash);
    }
  }

  blockByHash(wanted: Hash32): SnailRecord | undefined {
    this.reads++;
    return this.records.get(wanted);
  }

  canonicalHash(number: number): Hash32 | undefined {
    return this.canonical.get(number);
  }
}

export interface World {
  readonly spec: ChainSpec;
  readonly fast: FakeFastView;
  readonly store: MemoryStore;
  readonly chain: SnailChain;
  readonly engine: PowEngine;
  nowSeconds: number;
  /** Every effect so far. */
  readonly effects: SnailEffect[];
}

export function createWorld(
  spec = testSpec(),
  fast?: FakeFastView,
  view?: FastView,
  engine: PowEngine = keccakPowEngine,
): World {
  const store = new MemoryStore();
  const genesis = new SnailChain({
    spec,
    engine: keccakPowEngine,
    fastView: {
      head: () => 0,
      committed: () => undefined,
      verifyCommitted: () => "unknown",
      boundaryAtOrBelow: () => undefined,
      recoveryEpoch: () => undefined,
    },
    store,
    headHash: null,
  }).head().hash;
  const fastView = fast ?? new FakeFastView(genesis);
  const chain = new SnailChain({ spec, engine, fastView: view ?? fastView, store, headHash: null });
  return { spec, fast: fastView, store, chain, engine, nowSeconds: GENESIS_SECONDS, effects: [] };
}

export function receive(world: World, block: SnailBlock, from = "peer"): readonly SnailEffect[] {
  return run(world, world.chain.step({ kind: "blockReceived", block, from, nowSeconds: world.nowSeconds }));
}

export function run(world: World, effects: readonly SnailEffect[]): readonly SnailEffect[] {
  world.store.apply(effects);
  world.effects.push(...effects);
  return effects;
}

export interface BlockOptions {
  readonly fruits?: readonly Fruit[];
  readonly payout?: Address;
  readonly supports?: Address;
  readonly anchor?: MiningAnchor;
  /** Applied before the search, so that the work covers them. */
  readonly header?: Partial<SnailHeader>;
  readonly certificate?: Certificate | null;
  /** Leaves the nonce alone. */
  readonly unworked?: boolean;
  /** Proved with this data set instead of its own. */
  readonly powKey?: Hash32;
}

/** A nonce that wins a block (or a fruit), and the other one or not. */
export function searchNonce(
  header: Omit<SnailHeader, "nonce">,
  wanted: { block?: boolean; fruit?: boolean },
  engine: PowEngine = keccakPowEngine,
  powKey = ZERO_HASH,
): bigint {
  const seal = sealHash(header);
  for (let nonce = 0n; ; nonce++) {
    const wins = computePowWins(engine, seal, nonce, header, powKey);
    const fits = (want: boolean | undefined, won: boolean): boolean => want === undefined || want === won;
    if (fits(wanted.block, wins.block) && fits(wanted.fruit, wins.fruit)) return nonce;
  }
}

/** A block on the world's best chain, a target second after its parent. Valid unless the options say otherwise. */
export function mineBlock(world: World, options: BlockOptions = {}): SnailBlock {
  const { spec, chain, fast } = world;
  const context = chain.miningContext();
  const anchor = options.anchor ?? fast.anchor();
  const parent = chain.headerByHash(context.parentHash)!;
  const candidate = assembleSnailCandidate({
    context,
    anchor,
    boundaryHash: computeBoundaryHash(fast, context.parentAnchorNumber, anchor.number),
    fruits: (options.fruits ?? []).map((fruit) => ({ fruit, hash: hashFruit(fruit) })),
    payout: options.payout ?? address("aa"),
    supports: options.supports ?? ZERO_ADDRESS,
    nowSeconds: parent.timestamp + spec.preset.snailTargetSeconds,
  });
  const header = { ...candidate.header, ...options.header };
  const changed = {
    header,
    fruits: candidate.fruits,
    certificate: options.certificate === undefined ? candidate.certificate : options.certificate,
  };
  const wanted = { block: options.unworked !== true };
  const nonce = searchNonce(header, wanted, world.engine, options.powKey ?? context.powKey);
  return completeCandidate(changed, nonce);
}

/** A fruit of the world's best chain. */
export function mineFruit(
  world: World,
  name: string,
  changes: Partial<SnailHeader> = {},
  options: BlockOptions = {},
): Fruit {
  const payout = `0x${hash(name).slice(2, 42)}` as Address;
  const { nonce: _nonce, ...header } = mineBlock(world, { ...options, payout }).header;
  const fruit = { ...header, ...changes };
  const powKey = options.powKey ?? world.chain.powKeyAt(fruit.number) ?? ZERO_HASH;
  return { header: { ...fruit, nonce: searchNonce(fruit, { fruit: true }, world.engine, powKey) } };
}

/** Mines a block and gives it to the chain, which must take it. */
export function extend(world: World, options: BlockOptions = {}): SnailBlock {
  const block = mineBlock(world, options);
  world.nowSeconds = Math.max(world.nowSeconds, block.header.timestamp);
  receive(world, block);
  if (world.chain.head().hash !== hashSnailHeader(block.header)) {
    throw new Error(
      `not taken: ${JSON.stringify(world.effects.at(-1), (_key, value) => (typeof value === "bigint" ? `${value}` : value))}`,
    );
  }
  return block;
}

/** Name of the last rejection's code. */
export function lastRejection(effects: readonly SnailEffect[]): string | undefined {
  const rejection = effects.filter((effect) => effect.kind === "rejectBlock").at(-1);
  return rejection?.code;
}

export const kinds = (effects: readonly SnailEffect[]): string[] => effects.map(({ kind }) => kind);

export const sizeBytes = (certificate: Certificate): number => encodeCertificate(certificate).length;
