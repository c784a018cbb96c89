// Runs the compiled registry on @ethereumjs/evm over a state in memory.
import { createReferenceEngine } from "@festina/adapters";
import { type Address, bytesToHex, concatBytes, hexToBytes, toAddress, ZERO_HASH } from "@festina/primitives";
import type { BlockContext, EngineOutcome } from "@festina/tvm";
import { MemoryStateView } from "@festina/tvm/testing";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { decodeErrorResult } from "viem";
import {
  decodeCandidate,
  decodeCandidates,
  encodeCandidates,
  encodeInitialise,
  encodeOnEpoch,
  encodeReady,
  encodeRegister,
  expandBlsKey,
  expandBlsSignature,
  type RegistryCandidate,
  SYSTEM_CALLER,
  VALIDATOR_REGISTRY,
  VALIDATOR_REGISTRY_ABI,
  VALIDATOR_REGISTRY_CODE,
} from "../src/index.ts";

export const DEPOSIT_PER_SEAT_WEI = 100n * 10n ** 18n;
export const UNBONDING_SECONDS = 600;
const RICH_WEI = 10n ** 24n;
const GAS_LIMIT = 16_000_000n;
const POSSESSION_DOMAIN = "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

const engine = createReferenceEngine({ chainId: 1337n });
const scheme = bls12_381.longSignatures;

export function account(index: number): Address {
  return toAddress(concatBytes(new Uint8Array(18).fill(0xaa), Uint8Array.of(index >> 8, index & 0xff)));
}

export interface TestKey {
  readonly compressed: Uint8Array;
  readonly point: Uint8Array;
  readonly proof: Uint8Array;
}

/** Key and proof of possession by @noble/curves, which knows nothing of the contract's arithmetic. */
export function testKey(index: number): TestKey {
  const secretKey = new Uint8Array(32).fill(index + 1);
  const compressed = scheme.getPublicKey(secretKey).toBytes(true);
  const proof = scheme.sign(scheme.hash(compressed, POSSESSION_DOMAIN), secretKey).toBytes(true);
  const point = expandBlsKey(compressed);
  const expandedProof = expandBlsSignature(proof);
  if (!point.ok || !expandedProof.ok) throw new Error("the scheme made something that is no point");
  return { compressed, point: point.value, proof: expandedProof.value };
}

export interface Answer {
  /** Name and arguments of the custom error, or `null` after success. */
  readonly error: string | null;
  readonly output: Uint8Array;
  readonly gasUsed: bigint;
  readonly logs: number;
}

export class RegistryHarness {
  readonly view = new MemoryStateView();
  height = 0;
  timestamp = 1_000_000;

  constructor() {
    this.view.plant(VALIDATOR_REGISTRY, { nonce: 1n, code: hexToBytes(VALIDATOR_REGISTRY_CODE) });
  }

  /** Initialised, epoch 0 begun without anybody, at height 1. */
  static async started(): Promise<RegistryHarness> {
    const harness = new RegistryHarness();
    await harness.expectSuccess(SYSTEM_CALLER, encodeInitialise(DEPOSIT_PER_SEAT_WEI, UNBONDING_SECONDS));
    await harness.expectSuccess(SYSTEM_CALLER, encodeOnEpoch(0, []));
    harness.height = 1;
    return harness;
  }

  async call(caller: Address, data: Uint8Array, valueWei = 0n): Promise<Answer> {
    const before = this.view.getAccount(caller);
    if (valueWei > (before?.balanceWei ?? 0n)) this.view.plant(caller, { balanceWei: RICH_WEI });
    const outcome = await engine.run(
      {
        caller,
        origin: caller,
        to: VALIDATOR_REGISTRY,
        valueWei,
        data,
        gasLimit: GAS_LIMIT,
        gasPriceWei: 0n,
        isStatic: false,
        warmAddresses: [caller, VALIDATOR_REGISTRY],
        accessList: [],
      },
      this.view,
      this.#block(),
    );
    return answerOf(outcome);
  }

  async expectSuccess(caller: Address, data: Uint8Array, valueWei = 0n): Promise<Answer> {
    const answer = await this.call(caller, data, valueWei);
    if (answer.error !== null) throw new Error(`refused: ${answer.error}`);
    return answer;
  }

  register(
    owner: Address,
    { point, proof }: TestKey,
    valueWei = DEPOSIT_PER_SEAT_WEI,
    payout = owner,
    votingKey: Uint8Array = new Uint8Array(0),
  ): Promise<Answer> {
    return this.call(owner, encodeRegister({ key: point, proofOfPossession: proof, votingKey, payout }), valueWei);
  }

  async registerReady(owner: Address, key: TestKey, valueWei = DEPOSIT_PER_SEAT_WEI): Promise<void> {
    const answer = await this.register(owner, key, valueWei);
    if (answer.error !== null) throw new Error(`refused: ${answer.error}`);
    await this.expectSuccess(owner, encodeReady());
  }

  async candidates(offset = 0, limit = 256): Promise<readonly RegistryCandidate[]> {
    const { output } = await this.expectSuccess(SYSTEM_CALLER, encodeCandidates(offset, limit));
    const decoded = decodeCandidates(output);
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.value;
  }

  async candidate(data: Uint8Array): Promise<RegistryCandidate> {
    const { output } = await this.expectSuccess(SYSTEM_CALLER, data);
    const decoded = decodeCandidate(output);
    if (!decoded.ok) throw new Error(decoded.error.message);
    return decoded.value;
  }

  balanceOf(address: Address): bigint {
    return this.view.getAccount(address)?.balanceWei ?? 0n;
  }

  #block(): BlockContext {
    return {
      number: this.height,
      timestamp: this.timestamp,
      gasLimit: GAS_LIMIT,
      baseFeePerGasWei: 0n,
      coinbase: account(999),
      prevRandao: ZERO_HASH,
      chainId: 1337n,
      getBlockHash: () => ZERO_HASH,
    };
  }
}

function answerOf(outcome: EngineOutcome): Answer {
  if (outcome.kind === "halt") return { error: outcome.reason, output: new Uint8Array(0), gasUsed: GAS_LIMIT, logs: 0 };
  const gasUsed = GAS_LIMIT - outcome.gasLeft;
  if (outcome.kind === "success") return { error: null, output: outcome.output, gasUsed, logs: outcome.logs.length };
  return { error: errorText(outcome.output), output: outcome.output, gasUsed, logs: 0 };
}

function errorText(output: Uint8Array): string {
  if (output.length === 0) return "empty revert";
  const { errorName, args } = decodeErrorResult({ abi: VALIDATOR_REGISTRY_ABI, data: bytesToHex(output) });
  return `${errorName}(${(args ?? []).map((value) => String(value).toLowerCase()).join(",")})`;
}
