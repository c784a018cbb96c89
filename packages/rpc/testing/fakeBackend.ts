import { type Address, fail, type Hash32, ok, type Result, ZERO_ADDRESS, ZERO_HASH } from "@festina/primitives";
import { type Committee, decodeTransaction, hashFruit, type RecoveredTransaction } from "@festina/types";
import type {
  AccessListOutcome,
  BlockRecord,
  CallOutcome,
  CallRequest,
  DrawExplanation,
  EngineReport,
  MachineRules,
  MiningWork,
  NetworkInvitation,
  NodeEvent,
  NodeStatus,
  PeerReport,
  RpcBackend,
  SimulationFailureCode,
  SimulationRequest,
  Trace,
  TraceFailureCode,
} from "../src/index.ts";
import { ACCOUNTS, address, BASE_FEE_WEI, CHAIN_ID, SECRET_KEYS, sampleChain, word } from "./fakeChain.ts";
import { PEERS } from "./fakePeers.ts";
import { certificateOf, FRUIT, snailChainOn } from "./fakeSnail.ts";
import { FAKE_STATE } from "./fakeState.ts";
import { sampleTrace } from "./fakeTraces.ts";

const COMMITTEE: Committee = {
  epoch: 1,
  members: [
    { address: address("21"), payout: address("22"), publicKey: "0x2324", seats: 3 },
    { address: address("31"), payout: address("32"), publicKey: "0x3334", seats: 1 },
  ],
};

const SAMPLE_CHAIN = sampleChain();

/** What the node would be, in memory. Fields are open so that a test can change what the node answers. */
export class FakeBackend implements RpcBackend {
  records: BlockRecord[] = [...SAMPLE_CHAIN];
  pooled: RecoveredTransaction[] = [];
  submitted: Uint8Array[] = [];
  calls: CallRequest[] = [];
  accessListOutcome: AccessListOutcome = { kind: "found", accessList: [], gasUsed: 21_000n, failure: null };
  callOutcome: CallOutcome = { kind: "success", output: Uint8Array.of(1, 2), gasUsed: 23_456n };
  submitAnswer: { readonly code: string; readonly message: string } | null = null;
  /** When set, `eth_call` waits for it. */
  callGate: Promise<void> | null = null;
  listeners = new Set<(event: NodeEvent) => void>();

  readonly developmentAccounts = ACCOUNTS.map((account, index) => ({
    address: account,
    secretKey: SECRET_KEYS[index] as Uint8Array,
  }));

  readonly development = null;

  emit(event: NodeEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  append(record: BlockRecord): void {
    this.records.push(record);
    this.emit({ kind: "block", record });
  }

  readonly chain: RpcBackend["chain"] = {
    chainId: CHAIN_ID,
    genesisHash: (this.records[0] as BlockRecord).block.hash,
    head: () => this.records.length - 1,
    blockByNumber: (number) => this.records[number],
    numberOfHash: (hash) => {
      const number = this.records.findIndex(({ block }) => block.hash === hash);
      return number < 0 ? undefined : number;
    },
    transactionLocation: (hash) => {
      for (const { block } of this.records) {
        const index = block.transactions.findIndex((transaction) => transaction.hash === hash);
        if (index >= 0) return { number: block.header.number, index };
      }
      return undefined;
    },
    nextBaseFeeWei: () => BASE_FEE_WEI,
    nextTimestamp: () => (this.records.at(-1) as BlockRecord).block.header.timestamp + 1,
    supply: (number) =>
      this.records[number] && {
        number,
        genesisWei: 10n ** 24n,
        rewardsWei: 500n,
        baseFeeBurnedWei: 100n,
        slashBurnedWei: 20n,
        selfDestructBurnedWei: 3n,
      },
    anchored: () => 2,
    anchoredBy: (number) =>
      number > 3 ? null : { snailNumber: 1, snailHash: word("51"), depth: 3 - number, isBuried: number <= 1 },
  };

  readonly state: RpcBackend["state"] = FAKE_STATE;

  readonly execution: RpcBackend["execution"] = {
    call: async (request) => {
      this.calls.push(request);
      await this.callGate;
      return this.callOutcome;
    },
    estimateGas: async (request) => {
      this.calls.push(request);
      return this.callOutcome;
    },
    accessList: async (request) => {
      this.calls.push(request);
      return this.accessListOutcome;
    },
  };

  /** What was asked for, and what is answered. */
  readonly traced: { readonly place: unknown; readonly options: unknown; readonly timeoutMs: number }[] = [];
  traceAnswer: Result<Trace, TraceFailureCode> | null = null;

  readonly tracing: RpcBackend["tracing"] = {
    transactions: async (place, options, timeoutMs) => {
      this.traced.push({ place, options, timeoutMs });
      const answer = this.traceAnswer ?? ok(sampleTrace(options));
      if (!answer.ok) return answer;
      const transactions = this.records[place.number]?.block.transactions ?? [];
      const chosen = transactions.filter((_, index) => place.index === null || index === place.index);
      return ok(chosen.map(({ hash }) => ({ transactionHash: hash, trace: answer.value })));
    },
    call: async (request, place, options, timeoutMs) => {
      this.calls.push(request);
      this.traced.push({ place, options, timeoutMs });
      return this.traceAnswer ?? ok(sampleTrace(options));
    },
    calls: async (steps) => ok(steps.map(({ options }) => options.map(sampleTrace))),
  };

  readonly pool: RpcBackend["pool"] = {
    submit: async (encoded) => {
      const decoded = decodeTransaction(encoded);
      if (!decoded.ok) return decoded;
      if (this.submitAnswer !== null) return fail(this.submitAnswer.code, this.submitAnswer.message, { have: "1" });
      this.submitted.push(encoded);
      return ok(decoded.value.hash);
    },
    byHash: (hash) => this.pooled.find((transaction) => transaction.hash === hash),
    nextNonce: () => 7n,
    content: () => this.pooled,
  };

  #snail() {
    return snailChainOn(this.records[2] as BlockRecord);
  }

  readonly snail: RpcBackend["snail"] = {
    head: () => 1,
    byNumber: (number) => this.#snail()[number],
    byHash: (hash) => this.#snail().find((found) => found.hash === hash),
    fruitByHash: (hash) => (hash === hashFruit(FRUIT) ? { fruit: FRUIT, packedIn: 1 } : undefined),
  };

  readonly committee: RpcBackend["committee"] = {
    currentEpoch: () => 1,
    byEpoch: (epoch) => (epoch === 1 ? { committee: COMMITTEE, firstBlock: 1, lastBlock: null } : undefined),
    slashed: () => [address("21")],
    explain: async (epoch) => {
      if (epoch === 7) return fail("ELECTION_STATE_MISSING", "this node does not keep it");
      const info = this.committee.byEpoch(epoch);
      return info === undefined ? undefined : ok({ info, outcome: "elected", draw: this.draw });
    },
    certificateFor: (number) => {
      const record = this.records[number];
      return record === undefined ? undefined : { certificate: certificateOf(record), number };
    },
  };

  draw: DrawExplanation | null = null;

  readonly live: RpcBackend["live"] = {
    waitingFruits: (max) => [FRUIT].slice(0, max),
    election: () => ({
      epoch: 2,
      phase: "collecting",
      window: { first: 1, last: 6 },
      snailNumber: 1,
      frozenFrom: 8,
      frozenHeight: null,
      handoverAfterMs: null,
      weights: [{ address: address("21"), fruits: 1, weight: 100n }],
    }),
  };

  readonly evidence: RpcBackend["evidence"] = {
    submit: (encoded) =>
      encoded.length === 0
        ? { ok: false, error: { code: "DECODE_INVALID", message: "evidence: item is missing" } }
        : { ok: true, value: ZERO_HASH },
    waiting: () => [],
  };

  readonly events: RpcBackend["events"] = {
    subscribe: (listener) => {
      this.listeners.add(listener);
      return () => this.listeners.delete(listener);
    },
  };

  work: MiningWork = {
    workId: "w1",
    sealHash: word("5ea1"),
    blockTarget: 1n,
    fruitTarget: 16n,
    powEngine: "keccak",
    powKey: ZERO_HASH,
    number: 2,
    parentHash: word("51"),
    anchorNumber: 3,
    difficulty: 1_000n,
    fruitDifficulty: 100n,
  };
  workListeners = new Set<(work: MiningWork | null) => void>();

  readonly miner: RpcBackend["miner"] = {
    getWork: (payout) =>
      payout === ZERO_ADDRESS ? fail("WORK_UNAVAILABLE", "this node prepares no work") : ok(this.work),
    subscribe: (payout, _supports, listener) => {
      if (payout === ZERO_ADDRESS) return fail("MINERS_TOO_MANY", "no room");
      this.workListeners.add(listener);
      listener(this.work);
      return ok(() => this.workListeners.delete(listener));
    },
    submitWork: async (workId, nonce) =>
      workId === "w1"
        ? ok({ fruit: word("f1"), block: nonce === 0n ? word("b1") : null })
        : fail("WORK_UNKNOWN", "no such work"),
  };

  readonly powSamples: RpcBackend["powSamples"] = {
    read: async (powKey) => (powKey === word("da7a") ? new Uint8Array(64).fill(3) : new Uint8Array(0)),
  };

  /** What was asked for; the answer is block 1 with one call that did nothing. */
  simulations: SimulationRequest[] = [];
  simulationAnswer: { readonly code: SimulationFailureCode; readonly message: string } | null = null;
  readonly simulation: RpcBackend["simulation"] = {
    run: async (request, number) => {
      this.simulations.push(request);
      if (number === 0) return undefined;
      if (this.simulationAnswer !== null) return { ok: false, error: this.simulationAnswer };
      const empty = { output: Uint8Array.of(7), gasUsed: 21_000n, gasUsedMax: 21_000n, logs: [], failure: null };
      return ok([{ record: this.records[1] as BlockRecord, calls: [empty] }]);
    },
  };

  readonly rewards: RpcBackend["rewards"] = {
    bySnailNumber: (snailNumber) => {
      const found = this.#snail()[snailNumber];
      if (found === undefined) return undefined;
      const payments = snailNumber === 0 ? [] : [{ to: address("42"), amountWei: 90n }];
      return { snailNumber, snailHash: found.hash, fastNumber: snailNumber === 0 ? null : this.paidIn, payments };
    },
    expected: () => ({
      snailNumber: 2,
      difficulty: 1_000n,
      fruitDifficulty: 100n,
      fruitsPerBlock: 10,
      perFruitWei: 65n,
      perPackedFruitWei: 10n,
      perBlockWei: 50n,
    }),
  };
  /** The fast block that pays snail block 1. */
  paidIn: number | null = 3;

  status(): NodeStatus {
    const head = this.records.at(-1) as BlockRecord;
    return {
      role: "member",
      nodeId: "0x0d",
      headNumber: head.block.header.number,
      headHash: head.block.hash as Hash32,
      epoch: 1,
      view: 9,
      committee: COMMITTEE.members.map((member) => ({ address: member.address, seats: member.seats })),
      quorumSeats: 3,
      missing: [],
      snailNumber: 1,
      snailHash: word("51"),
      anchoredNumber: 2,
      ...{ peers: 3, otherNetworks: [], ahead: { fast: null, snail: null } },
      pooledTransactions: this.pooled.length,
      pooledFruits: 0,
      hashRatePerSecond: 12.5,
      recovery: null,
      doing: "final",
    };
  }

  peers = (): PeerReport => PEERS;

  coinbase = (): Address => address("22");

  engine = (): EngineReport => ({ name: "compiler", compiler: null });

  machineRules(): MachineRules {
    return { activationTimeSeconds: 5, forkId: "0x01020304", precompiles: { ID: address("04") }, systemContracts: {} };
  }

  clientVersion = (): string => "festina/0.1.0/test";

  invitation(): NetworkInvitation {
    const peers = [`0x${"0d".repeat(32)}@127.0.0.1:30000`];
    return { specHash: word("5bec"), chainSpec: { name: "test", chainId: "7n" }, peers };
  }
}
