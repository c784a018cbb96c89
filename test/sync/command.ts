// `npm run campaign -- sync` makes its network here: real blocks under real signatures, by a node whose time the program
// moves, so that hours of it take minutes.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  createKeccakKernel,
  createMemoryDisk,
  createNodeEngine,
  createSecp256k1,
  createSignatureSuite,
  openLevelStore,
} from "@festina/adapters";
import {
  type ChainSpec,
  checkChainSpec,
  createDevnetSpec,
  parseChainSpecJson,
  serializeChainSpec,
} from "@festina/chainspec";
import { type AccountSigner, addressOfSecretKey, createAccountSigner } from "@festina/crypto";
import { createNode, type FestinaNode, provisionSigningRecord } from "@festina/node";
import { type Address, bytesToHex, createPrng, hexToBytes, type Prng } from "@festina/primitives";
import { keccakPowEngine } from "@festina/snailchain";
import type { KeyValueStore } from "@festina/storage";
import { signTransactionAs, TRANSACTION_TYPE } from "@festina/types";
import { VirtualClock } from "../../packages/node/test/committee/virtualClock.ts";
import { createVirtualSearch } from "../../packages/node/test/committee/virtualMiner.ts";

const USAGE = "usage: makeChain --folder DIR --blocks N --accounts N --seconds N [--coin CREATION]\n";
const SIGNING_KEY = new Uint8Array(32).fill(7);
const OWNER_KEY = new Uint8Array(32).fill(9);
const PAYERS = Array.from({ length: 8 }, (_, index) => createAccountSigner(new Uint8Array(32).fill(0x31 + index)));
const CHAIN_SECONDS = 200_000;
const BLOCK_MS = 1_000;
const SNAIL_SECONDS = 30;
const HASHES_PER_SECOND = 16;
const GWEI = 10n ** 9n;

function makeSpec(nowSeconds: number): ChainSpec {
  const suite = createSignatureSuite("bls");
  const owner = addressOfSecretKey(OWNER_KEY);
  const spec = createDevnetSpec({
    signatureSuite: "bls",
    chainId: 19_331n,
    genesisTimeSeconds: nowSeconds - CHAIN_SECONDS,
    genesisDifficulty: BigInt(HASHES_PER_SECOND * SNAIL_SECONDS),
    snailTargetSeconds: SNAIL_SECONDS,
    heartbeatMs: BLOCK_MS,
    powEngine: "keccak",
    validators: [
      {
        address: owner,
        payout: owner,
        publicKey: bytesToHex(suite.publicKey(SIGNING_KEY)),
        proofOfPossession: bytesToHex(suite.provePossession(SIGNING_KEY)),
      },
    ],
    developmentAccounts: PAYERS.map(({ address }) => address),
  });
  const preset = {
    ...spec.preset,
    minBlockIntervalMs: BLOCK_MS,
    asertHalfLifeSeconds: 3_600,
    maxUnanchoredMs: 7_200_000,
  };
  return { ...spec, preset };
}

function openSpec(folder: string): ChainSpec {
  const file = join(folder, "chainspec.json");
  if (!existsSync(file)) writeFileSync(file, serializeChainSpec(makeSpec(Math.floor(Date.now() / 1_000))));
  const spec = checkChainSpec(parseChainSpecJson(readFileSync(file, "utf8")));
  if (!spec.ok) throw new Error(spec.error.message);
  return spec.value;
}

async function startNode(
  spec: ChainSpec,
  folder: string,
  clock: VirtualClock,
  fromMs: { value: number },
  writes: { value: number },
): Promise<FestinaNode> {
  const data = join(folder, "source/data");
  mkdirSync(data, { recursive: true });
  // The only seat of a chain that nobody else makes: nothing of what it signs need outlive this process.
  const disk = createMemoryDisk();
  provisionSigningRecord(disk);
  const keccak = createKeccakKernel();
  const owner = createAccountSigner(OWNER_KEY);
  const quiet = () => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (event: string, facts?: object) => process.stderr.write(`${event} ${JSON.stringify(facts)}\n`),
  };
  const miner = { payout: owner.address, supports: [owner.address], threads: 1, cpuShare: 1 };
  return createNode(
    {
      spec,
      config: {
        chainSpecFile: "",
        dataDir: null,
        rpc: null,
        network: null,
        validator: null,
        miner,
        developmentAccounts: 0,
        log: { level: "silent" },
      },
      validator: { signingKey: SIGNING_KEY, owner },
      developmentAccounts: [],
    },
    {
      store: new UnflushedStore(await openLevelStore(join(data, "chain")), writes),
      transport: null,
      suite: createSignatureSuite("bls"),
      engine: createNodeEngine({
        kind: "interpreter",
        chainId: spec.chainId,
        keccak256: keccak,
        onFault: ({ cause }) => process.stderr.write(`${String(cause)}\n`),
      }),
      powEngine: keccakPowEngine,
      keccak,
      recoverPublicKey: createSecp256k1().recoverPublicKey,
      disk,
      createSearch: (_options, onFound) => createVirtualSearch(clock, HASHES_PER_SECOND, onFound),
      log,
      clock,
      nowMs: () => fromMs.value + clock.nowMs(),
      random: () => 0.5,
    },
  );
}

/** Waiting for the disk after every block is for those who could lose something. Counts what it has not yet answered. */
class UnflushedStore implements KeyValueStore {
  readonly #store: KeyValueStore;
  readonly #open: { value: number };

  constructor(store: KeyValueStore, open: { value: number }) {
    this.#store = store;
    this.#open = open;
  }

  get(key: Uint8Array): ReturnType<KeyValueStore["get"]> {
    return this.#store.get(key);
  }

  entries(range: Parameters<KeyValueStore["entries"]>[0]): ReturnType<KeyValueStore["entries"]> {
    return this.#counted(this.#store.entries(range));
  }

  write(batch: Parameters<KeyValueStore["write"]>[0]): Promise<void> {
    return this.#counted(this.#store.write(batch));
  }

  async #counted<T>(answer: Promise<T>): Promise<T> {
    this.#open.value += 1;
    try {
      return await answer;
    } finally {
      this.#open.value -= 1;
    }
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** Payments to accounts that are new, and tokens to strangers. */
class Work {
  readonly #node: FestinaNode;
  readonly #spec: ChainSpec;
  readonly #prng: Prng;
  readonly #signers: readonly AccountSigner[];
  #turn = 0;
  coin: Address | null = null;

  constructor(node: FestinaNode, spec: ChainSpec, seed: number) {
    this.#node = node;
    this.#spec = spec;
    this.#prng = createPrng(seed);
    this.#signers = PAYERS.map(({ address }, index) => ({
      ...createSecp256k1().createAccountSigner(new Uint8Array(32).fill(0x31 + index)),
      address,
    }));
  }

  #submit(fields: {
    readonly to: Address | null;
    readonly gasLimit: bigint;
    readonly valueWei: bigint;
    readonly data: Uint8Array;
  }): bigint {
    const signer = this.#signers[this.#turn++ % this.#signers.length] as AccountSigner;
    const nonce = this.#node.backend.pool.nextNonce(signer.address);
    const signed = signTransactionAs(
      {
        ...fields,
        type: TRANSACTION_TYPE.feeMarket,
        chainId: this.#spec.chainId,
        nonce,
        maxFeePerGasWei: 100n * GWEI,
        maxPriorityFeePerGasWei: GWEI,
        accessList: [],
        authorizations: [],
        sponsorship: null,
      },
      signer,
    );
    void this.#node.backend.pool.submit(signed.encoded, signer.address);
    return nonce;
  }

  pay(): void {
    const to = bytesToHex(this.#prng.bytes(20)) as Address;
    this.#submit({ to, gasLimit: 21_000n, valueWei: 1n + BigInt(this.#prng.below(1_000_000)), data: new Uint8Array() });
  }

  deploy(creation: string): void {
    this.#submit({ to: null, gasLimit: 5_000_000n, valueWei: 0n, data: hexToBytes(creation as `0x${string}`) });
  }

  sendToken(): void {
    const data = new Uint8Array(68);
    // mint(address,uint256)
    data.set([0x40, 0xc1, 0x0f, 0x19]);
    data.set(this.#prng.bytes(20), 16);
    data[67] = 1;
    this.#submit({ to: this.coin, gasLimit: 120_000n, valueWei: 0n, data });
  }
}

interface Options {
  readonly folder: string;
  readonly blocks: number;
  readonly accounts: number;
  readonly seconds: number;
  readonly coin: string | undefined;
}

function readArguments(argv: readonly string[]): Options | null {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { folder: text, blocks: text, accounts: text, seconds: text, coin: text },
  });
  const [blocks, accounts, seconds] = [values.blocks, values.accounts, values.seconds].map(Number) as [
    number,
    number,
    number,
  ];
  if (values.folder === undefined || !(blocks > 0 && accounts >= 0 && seconds > 0)) return null;
  return { folder: values.folder, blocks, accounts, seconds, coin: values.coin };
}

/** Goes on where an earlier run stopped. Answers 0 when the chain is as long as wanted, 75 when there is more to do. */
export async function run(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv);
  if (options === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { folder, blocks, accounts, seconds, coin } = options;
  mkdirSync(folder, { recursive: true });
  const spec = openSpec(folder);
  const writes = { value: 0 };
  const clock = new VirtualClock(() => writes.value > 0);
  const fromMs = { value: spec.genesisTimeSeconds * 1_000 };
  const placeFile = join(folder, "made.json");
  const made = existsSync(placeFile)
    ? (JSON.parse(readFileSync(placeFile, "utf8")) as { timeMs: number; coin: Address | null })
    : { timeMs: fromMs.value, coin: null };
  fromMs.value = made.timeMs;
  const running = await settle(clock, startNode(spec, folder, clock, fromMs, writes));
  const head = (): number => running.backend.chain.head();
  const work = new Work(running, spec, head() + 1);
  work.coin = made.coin;
  const endMs = performance.now() + seconds * 1_000;
  const perBlock = Math.max(1, Math.ceil(accounts / blocks));
  while (head() < blocks && performance.now() < endMs) {
    const before = head();
    for (let payment = 0; payment < perBlock; payment++) work.pay();
    if (work.coin !== null && before % 2 === 0) work.sendToken();
    if (work.coin === null && coin !== undefined && before > 2) work.deploy(coin);
    if (!(await clock.advance(120_000, () => head() > before))) throw new Error(`no block after ${before}`);
    if (work.coin === null && before > 2) work.coin = createdIn(running, head());
    if (head() % 1_000 === 0) process.stdout.write(`block ${head()}, ${Math.round(performance.now() / 1_000)} s\n`);
  }
  const made2 = {
    timeMs: fromMs.value + clock.nowMs() + 1_000,
    coin: work.coin,
    head: head(),
    snail: running.backend.status().snailNumber,
    epoch: running.backend.status().epoch,
    genesisHash: running.backend.chain.genesisHash,
  };
  await settle(clock, running.stop());
  writeFileSync(placeFile, `${JSON.stringify(made2)}\n`);
  process.stdout.write(`${JSON.stringify(made2)}\n`);
  return made2.head >= blocks ? 0 : 75;
}

/** Waits for something that takes time of both kinds. */
async function settle<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const over = promise.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await clock.advance(1, () => isOver);
    await setTimeout(1);
  }
  return over;
}

function createdIn(node: FestinaNode, number: number): Address | null {
  const record = node.backend.chain.blockByNumber(number);
  return record?.transactions.find(({ createdAddress }) => createdAddress !== null)?.createdAddress ?? null;
}
