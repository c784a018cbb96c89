// A fast chain in memory that builds and finalises its blocks itself: every member signs, nobody is late.
import { createKeccakKernel, createMemoryStore, createReferenceEngine, createSecp256k1 } from "@festina/adapters";
import type { ChainSpec } from "@festina/chainspec";
import { type Address, hexToBytes, type Result, ZERO_HASH } from "@festina/primitives";
import { StateStore } from "@festina/state";
import { WriteBatch } from "@festina/storage";
import type { Engine } from "@festina/tvm";
import {
  type Certificate,
  type Committee,
  EMPTY_ROOT,
  type Evidence,
  type FastBlock,
  type RecoveredTransaction,
  recoverTransaction,
  type SnailBlock,
  signersBitmap,
} from "@festina/types";
import { voteMessage } from "../../src/bft/certificates.ts";
import {
  type Ancestry,
  buildFastBlock,
  createFastGenesis,
  type ExecutedBlock,
  type ExecutionTrust,
  executeFastBlock,
  type FastChainEnvironment,
  findRestart,
  type HybridState,
  hybridTimeMs,
  isRevealDue,
  leaderOf,
  mustCarryBoundary,
  NO_REVEAL,
  revealMessage,
  type VerifiedShape,
  verifyFastHeader,
} from "../../src/index.ts";
import { FakeSnail } from "./fakeSnail.ts";
import { aSpec, CHAIN_ID, testSuite } from "./members.ts";

export interface BlockWish {
  readonly transactions?: readonly RecoveredTransaction[];
  readonly snailBlock?: SnailBlock | null;
  readonly certificate?: Certificate | null;
  readonly evidence?: readonly Evidence[];
  /** Since the parent. */
  readonly afterMs?: number;
  readonly view?: number;
  /** How many transactions the builder has time for. */
  readonly timeFor?: number;
}

export interface Refusal {
  readonly hash: string;
  readonly code: string;
}

const BLOCK_INTERVAL_MS = 50;
const keccak = createKeccakKernel();
const referenceEngine = createReferenceEngine({ chainId: CHAIN_ID, keccak256: keccak });
const { recoverPublicKey } = createSecp256k1();

export class TestChain {
  readonly environment: FastChainEnvironment;
  readonly snail: FakeSnail;
  readonly states: StateStore;
  /** By number; the first is the genesis. */
  readonly entries: Pick<ExecutedBlock, "block" | "hybrid" | "executed">[] = [];
  readonly #store = createMemoryStore();
  /** What the last build refused. */
  refusals: Refusal[] = [];

  private constructor(spec: ChainSpec, snail: FakeSnail, engine: Engine) {
    this.snail = snail;
    const states = new StateStore(this.#store, keccak, EMPTY_ROOT);
    this.states = states;
    this.environment = {
      spec,
      suite: testSuite,
      engine,
      recoverPublicKey,
      recover: (transaction) => recoverTransaction(transaction, recoverPublicKey),
      states: {
        open: (root) => states.open(root),
        seal: (parent, view) => states.seal(parent, view as ReturnType<StateStore["open"]>),
      },
      snail,
      epochs: {
        epoch: (epoch) => this.#epoch(epoch),
        restartAfter: (hash) => findRestart(spec, hash),
      },
    };
  }

  #epoch(epoch: number): { readonly firstBlock: number; readonly committee: Committee } | undefined {
    const base = this.entries.find(({ hybrid }) => hybrid.committee.epoch === epoch)?.hybrid;
    return base === undefined ? undefined : { firstBlock: base.header.number + 1, committee: base.committee };
  }

  static async create(spec = aSpec(), snail = new FakeSnail(), engine: Engine = referenceEngine): Promise<TestChain> {
    const chain = new TestChain(spec, snail, engine);
    const tools = { ...chain.environment, snailGenesisHash: snail.genesisHash };
    const genesis = await createFastGenesis(spec, tools);
    if (!genesis.ok) throw new Error(genesis.error.message);
    await chain.append({ ...genesis.value, executed: [] });
    return chain;
  }

  get head(): HybridState {
    return (this.entries.at(-1) as { hybrid: HybridState }).hybrid;
  }

  get signing() {
    return { chainId: this.environment.spec.chainId, genesisHash: this.hybridAt(0).hash };
  }

  hybridAt(number: number): HybridState {
    return (this.entries[number] as { hybrid: HybridState }).hybrid;
  }

  get ancestry(): Ancestry {
    return {
      hashOf: (number) => this.entries[number]?.block.hash,
      timeMsOf: (number) => (this.entries[number] === undefined ? undefined : hybridTimeMs(this.hybridAt(number))),
    };
  }

  /** COMMITTED for a block of this chain, by all members of its committee or by those named. */
  certificateFor(number: number, members?: readonly number[], kind: Certificate["kind"] = "committed"): Certificate {
    const { committee } = this.hybridAt(number - 1);
    const { hash } = this.hybridAt(number);
    return makeCertificate(committee, hash, members ?? committee.members.map((_, index) => index), this.signing, kind);
  }

  async build(wish: BlockWish = {}): Promise<Result<ExecutedBlock>> {
    const parent = this.head;
    const view = wish.view ?? parent.header.number - parent.epochBaseNumber + 1;
    const context = { ...this.signing, epoch: parent.committee.epoch };
    const leader = parent.committee.members[leaderOf(parent.committee, view)];
    const boundary = mustCarryBoundary(parent) ? this.certificateFor(parent.header.number) : null;
    const waiting = [...(wish.transactions ?? [])];
    let timeLeft = wish.timeFor ?? Number.POSITIVE_INFINITY;
    this.refusals = [];
    return buildFastBlock(
      {
        parent,
        ancestry: this.ancestry,
        view,
        nowMs: hybridTimeMs(parent) + (wish.afterMs ?? BLOCK_INTERVAL_MS),
        reveal: isRevealDue(parent, this.environment.spec.preset)
          ? testSuite.sign(hexToBytes(leader?.publicKey ?? "0x"), revealMessage(context, view))
          : NO_REVEAL,
        snailBlock: wish.snailBlock ?? null,
        certificate: wish.certificate === undefined ? boundary : wish.certificate,
        evidence: wish.evidence ?? [],
        transactions: {
          next: () => waiting.shift(),
          refuse: ({ hash }, code) => this.refusals.push({ hash, code }),
        },
        hasTime: () => timeLeft-- > 0,
        genesisHash: this.signing.genesisHash,
      },
      this.environment,
    );
  }

  /** Builds a block and makes it final. */
  async add(wish: BlockWish = {}): Promise<ExecutedBlock> {
    const built = await this.build(wish);
    if (!built.ok) throw new Error(built.error.message);
    await this.append(built.value);
    return built.value;
  }

  verify(block: FastBlock): Result<VerifiedShape> {
    return verifyFastHeader(this.head, block, this.ancestry, this.environment, this.signing);
  }

  /** As a voter or follower: every rule, execution, and on success the block is final. */
  async take(block: FastBlock, trust: ExecutionTrust = "proposed"): Promise<Result<ExecutedBlock>> {
    const shape = this.verify(block);
    if (!shape.ok) return shape;
    const executed = await executeFastBlock(this.head, block, shape.value, this.ancestry, this.environment, trust);
    if (executed.ok) await this.append(executed.value);
    return executed;
  }

  async append(executed: ExecutedBlock): Promise<void> {
    const { stateRoot } = executed.block.header;
    const batch = new WriteBatch();
    await this.states.save(stateRoot, batch);
    await this.#store.write(batch.operations);
    this.states.committed(stateRoot);
    this.entries.push(executed);
  }

  balanceOf(address: Address): bigint {
    return this.states.open(this.head.header.stateRoot).getAccount(address)?.balanceWei ?? 0n;
  }

  /** Of all accounts, read from the trie. */
  sumOfBalances(): bigint {
    const range = this.states.accountRange(this.head.header.stateRoot, ZERO_HASH, 10_000);
    if (range === undefined || range.next !== null) throw new Error("the state cannot be listed");
    return range.accounts.reduce((sum, { record }) => sum + record.balanceWei, 0n);
  }
}

export function makeCertificate(
  committee: Committee,
  blockHash: Certificate["blockHash"],
  members: readonly number[],
  signing: TestChain["signing"],
  kind: Certificate["kind"] = "committed",
): Certificate {
  const vote = kind === "prepared" ? "prepare" : "commit";
  const message = voteMessage({ ...signing, epoch: committee.epoch }, vote, 1, blockHash);
  const signatures = members.map((index) =>
    testSuite.sign(hexToBytes(committee.members[index]?.publicKey ?? "0x"), message),
  );
  const signature = testSuite.aggregate(signatures) ?? new Uint8Array(0);
  return { kind, epoch: committee.epoch, view: 1, blockHash, signers: signersBitmap(members), signature };
}
