// A state test's transaction: lists of data, gas limits and values, of which each expectation names one.
import { addressOfSecretKey, type EcdsaSignature } from "@festina/crypto";
import { type Address, EMPTY_BYTES, type Hash32, type Hex, hexToBytes, ZERO_HASH } from "@festina/primitives";
import { type AccessListEntry, type Authorization, type RecoveredTransaction, TRANSACTION_TYPE } from "@festina/types";

export interface IndexedTransaction {
  readonly nonce: Hex;
  readonly gasPrice?: Hex;
  readonly maxFeePerGas?: Hex;
  readonly maxPriorityFeePerGas?: Hex;
  readonly to: Hex | "";
  readonly data: readonly Hex[];
  readonly gasLimit: readonly Hex[];
  readonly value: readonly Hex[];
  readonly accessLists?: readonly (readonly { readonly address: Hex; readonly storageKeys: readonly Hex[] }[] | null)[];
  readonly authorizationList?: readonly Readonly<Record<"chainId" | "address" | "nonce" | "r" | "s" | "v", Hex>>[];
  readonly blobVersionedHashes?: readonly Hex[];
  readonly sender?: Hex;
  readonly secretKey?: Hex;
}

const UNSIGNED: EcdsaSignature = { r: 0n, s: 0n, yParity: 0 };

/** As if its signature had been checked: the test says who sent it. `null` when a list lacks what is named. */
export function readTransaction(
  test: IndexedTransaction,
  indexes: { readonly data: number; readonly gas: number; readonly value: number },
  chainId: bigint,
): RecoveredTransaction | null {
  const [data, gasLimit, value] = [test.data[indexes.data], test.gasLimit[indexes.gas], test.value[indexes.value]];
  const sender = test.sender || (test.secretKey && addressOfSecretKey(hexToBytes(test.secretKey)));
  if (data === undefined || gasLimit === undefined || value === undefined || !sender) return null;
  const list = test.accessLists?.[indexes.data] ?? [];
  const price = BigInt(test.maxFeePerGas ?? test.gasPrice ?? 0);
  return {
    type: typeOf(test),
    chainId,
    nonce: BigInt(test.nonce),
    maxFeePerGasWei: price,
    maxPriorityFeePerGasWei: BigInt(test.maxPriorityFeePerGas ?? price),
    gasLimit: BigInt(gasLimit),
    to: test.to === "" ? null : (test.to.toLowerCase() as Address),
    valueWei: BigInt(value),
    data: hexToBytes(data),
    accessList: list.map(
      ({ address, storageKeys }): AccessListEntry => ({
        address: address.toLowerCase() as Address,
        storageKeys: storageKeys.map((key) => `0x${key.slice(2).toLowerCase().padStart(64, "0")}` as Hash32),
      }),
    ),
    authorizations: (test.authorizationList ?? []).map(
      ({ chainId: chain, address, nonce, r, s, v }): Authorization => ({
        chainId: BigInt(chain),
        address: address.toLowerCase() as Address,
        nonce: BigInt(nonce),
        r: BigInt(r),
        s: BigInt(s),
        yParity: Number(v) === 1 ? 1 : 0,
      }),
    ),
    sponsorship: null,
    signature: UNSIGNED,
    payerSignature: null,
    hash: ZERO_HASH,
    encoded: EMPTY_BYTES,
    sender: sender.toLowerCase() as Address,
  };
}

function typeOf(test: IndexedTransaction): RecoveredTransaction["type"] {
  if (test.authorizationList !== undefined) return TRANSACTION_TYPE.setCode;
  if (test.maxFeePerGas !== undefined) return TRANSACTION_TYPE.feeMarket;
  return test.accessLists === undefined ? TRANSACTION_TYPE.legacy : TRANSACTION_TYPE.accessList;
}
