import { keccakHash } from "@festina/crypto";
import { type Address, asciiToBytes, bigintToBytes, EMPTY_BYTES, ok, toAddress } from "@festina/primitives";
import { type RecoveredTransaction, TRANSACTION_TYPE } from "@festina/types";
import { type AccountReader, type PoolLimits, TransactionPool } from "../src/index.ts";

export const account = (number: number): Address => toAddress(bigintToBytes(BigInt(number) + 1n, 20));

/** Accounts that a test changes as it goes. */
export class FakeAccounts implements AccountReader {
  readonly nonces = new Map<Address, bigint>();
  readonly balances = new Map<Address, bigint>();
  readonly delegated = new Set<Address>();

  nonce(address: Address): bigint {
    return this.nonces.get(address) ?? 0n;
  }

  balanceWei(address: Address): bigint {
    return this.balances.get(address) ?? 10n ** 18n;
  }

  hasCode(address: Address): boolean {
    return this.delegated.has(address);
  }
}

interface Offer {
  readonly sender?: Address;
  readonly nonce?: number;
  readonly tipWei?: bigint;
  readonly maxFeeWei?: bigint;
  readonly gasLimit?: bigint;
  readonly valueWei?: bigint;
  readonly payer?: Address;
  readonly feeWei?: bigint;
  readonly validUntilSeconds?: bigint;
  readonly chainId?: bigint | null;
  /** Of its encoding. */
  readonly bytes?: number;
}

/** Pools take recovered transactions as they are, so signatures are left out and the hash covers the offer. */
export function aTransaction(offer: Offer = {}): RecoveredTransaction {
  const label = Object.entries(offer).map(([name, value]) => `${name}=${value}`);
  const tipWei = offer.tipWei ?? 2n;
  const { payer, feeWei = 0n, validUntilSeconds = 10_000n } = offer;
  const signature = { r: 1n, s: 1n, yParity: 0 as const };
  return {
    type: payer === undefined ? TRANSACTION_TYPE.feeMarket : TRANSACTION_TYPE.sponsored,
    chainId: offer.chainId === undefined ? 1337n : offer.chainId,
    nonce: BigInt(offer.nonce ?? 0),
    maxFeePerGasWei: offer.maxFeeWei ?? 100n,
    maxPriorityFeePerGasWei: tipWei,
    gasLimit: offer.gasLimit ?? 21_000n,
    to: account(999),
    valueWei: offer.valueWei ?? 0n,
    data: EMPTY_BYTES,
    accessList: [],
    authorizations: [],
    sponsorship: payer === undefined ? null : { feeWei, payer, validUntilSeconds },
    signature,
    payerSignature: payer === undefined ? null : signature,
    hash: keccakHash(asciiToBytes(label.sort().join())),
    encoded: new Uint8Array(offer.bytes ?? 0),
    sender: offer.sender ?? account(0),
  };
}

export function aPool(limits: Partial<PoolLimits> = {}, reader = new FakeAccounts(), takesUnprotected = false) {
  const pool = new TransactionPool({
    chainId: 1337n,
    takesUnprotected,
    blockGasLimit: 1_000_000n,
    checkForm: () => ok(null),
    reader,
    timestampSeconds: 1_000,
    limits,
  });
  const add = (offer: Offer = {}, origin: "local" | "peer" = "peer", nowMs = 0): string => {
    const result = pool.add(aTransaction(offer), origin, nowMs);
    return result.ok ? "added" : result.error.code;
  };
  return { pool, reader, add };
}
