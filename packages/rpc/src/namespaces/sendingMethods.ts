import { type AccountSigner, createAccountSigner, keccak256, keccakHash, signHash } from "@festina/crypto";
import {
  type Address,
  asciiToBytes,
  bytesToHex,
  type Clock,
  concatBytes,
  type Hash32,
  hexToBytes,
  isHex,
} from "@festina/primitives";
import {
  encodeTransaction,
  impersonate,
  type RecoveredTransaction,
  signTransactionAs,
  TRANSACTION_TYPE,
  type TransactionFields,
} from "@festina/types";
import { formatPendingTransaction } from "../format/formatTransaction.ts";
import type { Method } from "../jsonRpc/dispatch.ts";
import { optionalQuantity, Params } from "../jsonRpc/params.ts";
import { decodeRevertReason } from "../jsonRpc/revertReason.ts";
import { invalidParams, RPC_CODE, RpcError, refusal, reverted, SEND_FAILURE } from "../jsonRpc/rpcError.ts";
import { hashTypedData } from "../jsonRpc/typedData.ts";
import type { CallPlace, CallRequest, DevelopmentAccount, RpcBackend } from "../ports.ts";
import { awaitReceipt, parseReceiptTimeout } from "./awaitReceipt.ts";
import { requireState } from "./blockTag.ts";
import { parseCallRequest, requireChain, requireSuccess } from "./callRequest.ts";

/** Offered when a sender names no priority: enough to come before transactions that pay nothing. */
export const DEFAULT_PRIORITY_WEI = 1_000_000_000n;

function developmentAccount(backend: RpcBackend, address: string): DevelopmentAccount {
  const account = backend.developmentAccounts.find((candidate) => candidate.address === address);
  // geth's words, and those by which anvil's tools know it.
  if (account === undefined)
    throw new RpcError(RPC_CODE.server, `unknown account: No Signer available, ${address} is not unlocked`);
  return account;
}

/** Knowing whose key it is costs as much as signing. */
const signers = new WeakMap<DevelopmentAccount, AccountSigner>();

function signerOf(account: DevelopmentAccount): AccountSigner {
  const signer = account.signer ?? signers.get(account) ?? createAccountSigner(account.secretKey);
  signers.set(account, signer);
  return signer;
}

/** Twice the base fee plus the tip, so that a few full blocks do not strand the transaction. */
function defaultMaxFee(backend: RpcBackend, priorityWei: bigint): bigint {
  return backend.chain.nextBaseFeeWei() * 2n + priorityWei;
}

export async function estimateGas(backend: RpcBackend, request: CallRequest, place: CallPlace): Promise<bigint> {
  const outcome = requireState(await backend.execution.estimateGas(request, place));
  return requireSuccess(outcome).gasUsed;
}

/** Transactions with blobs cannot be made; sponsored ones are signed by two. */
const NAMED_TYPES: readonly bigint[] = [
  TRANSACTION_TYPE.legacy,
  TRANSACTION_TYPE.accessList,
  TRANSACTION_TYPE.feeMarket,
  TRANSACTION_TYPE.setCode,
].map(BigInt);

/** By the fields that are there; with one price and no list it depends on the type that is named. */
function typeOf(fields: Readonly<Record<string, unknown>>, { accessList, authorizations }: CallRequest) {
  const named = optionalQuantity(fields["type"], "type");
  if (named !== null && !NAMED_TYPES.includes(named))
    throw invalidParams(`type: transactions of type 0x${named.toString(16)} cannot be made here`);
  if (optionalQuantity(fields["gasPrice"], "gasPrice") === null)
    return authorizations === undefined ? TRANSACTION_TYPE.feeMarket : TRANSACTION_TYPE.setCode;
  const hasList = accessList.length > 0 || named === BigInt(TRANSACTION_TYPE.accessList);
  return hasList ? TRANSACTION_TYPE.accessList : TRANSACTION_TYPE.legacy;
}

/** What follows from where in the chain a transaction is to be. */
interface Standing {
  readonly place: CallPlace;
  readonly nextNonce: (sender: Address) => bigint;
}

function nextStanding({ chain, pool }: RpcBackend): Standing {
  return { place: { number: chain.head(), isNext: true }, nextNonce: (sender) => pool.nextNonce(sender) };
}

async function fillTransaction(
  backend: RpcBackend,
  fields: Readonly<Record<string, unknown>>,
  { place, nextNonce } = nextStanding(backend),
): Promise<TransactionFields> {
  const request = parseCallRequest(fields);
  requireChain(fields, backend.chain.chainId);
  if (request.to === null && request.data.length === 0)
    throw new RpcError(RPC_CODE.server, "contract creation without any data provided");
  const gasPrice = optionalQuantity(fields["gasPrice"], "gasPrice");
  const namedFee = optionalQuantity(fields["maxFeePerGas"], "maxFeePerGas");
  const namedPriority = optionalQuantity(fields["maxPriorityFeePerGas"], "maxPriorityFeePerGas");
  const priority = gasPrice ?? namedPriority ?? DEFAULT_PRIORITY_WEI;
  const maxFee = gasPrice ?? namedFee ?? defaultMaxFee(backend, priority);
  const gasLimit = request.gas ?? (await estimateGas(backend, request, place));
  const { authorizations } = request;
  if (gasPrice !== null && authorizations !== undefined)
    throw invalidParams("authorizationList: such a transaction has no gasPrice");
  const type = typeOf(fields, request);
  return {
    type,
    chainId: backend.chain.chainId,
    nonce: optionalQuantity(fields["nonce"], "nonce") ?? nextNonce(request.from),
    maxFeePerGasWei: maxFee,
    maxPriorityFeePerGasWei: priority > maxFee ? maxFee : priority,
    gasLimit,
    to: request.to,
    valueWei: request.valueWei,
    data: request.data,
    accessList: request.accessList,
    authorizations: authorizations ?? [],
    sponsorship: null,
  };
}

async function submit(backend: RpcBackend, encoded: Uint8Array, signedBy?: Address): Promise<Hash32> {
  const submitted = await backend.pool.submit(encoded, signedBy);
  if (submitted.ok) return submitted.value;
  const { code, facts } = submitted.error;
  const output = facts?.["data"];
  if (code !== SEND_FAILURE.reverted || !isHex(output)) throw refusal(submitted.error);
  throw reverted(output, decodeRevertReason(hexToBytes(output)));
}

const UNSIGNED = { r: 0n, s: 0n, yParity: 0 } as const;

/** By a key that this node holds for development, or in a name that the developer has taken. */
export async function signedTransaction(
  backend: RpcBackend,
  fields: Readonly<Record<string, unknown>>,
  standing = nextStanding(backend),
): Promise<RecoveredTransaction> {
  const asked = withSender(backend, fields);
  const { from } = parseCallRequest(asked);
  if (backend.development?.isImpersonated(from) === true)
    return impersonate(await fillTransaction(backend, asked, standing), from);
  const account = developmentAccount(backend, from);
  return signTransactionAs(await fillTransaction(backend, asked, standing), signerOf(account));
}

/** On a development chain, who does not say whose name to send in means the first account. */
function withSender(backend: RpcBackend, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const first = backend.development === null ? undefined : backend.developmentAccounts[0];
  return fields["from"] == null && first !== undefined ? { ...fields, from: first.address } : fields;
}

/** In anybody's name, whoever is impersonated: a control of development chains. */
export async function sendUnsigned(backend: RpcBackend, fields: Readonly<Record<string, unknown>>): Promise<Hash32> {
  const { encoded, sender } = impersonate(await fillTransaction(backend, fields), parseCallRequest(fields).from);
  return submit(backend, encoded, sender);
}

/** r, s and v one after the other, as wallets answer. */
function signBy(account: DevelopmentAccount, hash: Uint8Array): string {
  const { r, s, yParity } = signHash(hash, account.secretKey);
  const digits = r.toString(16).padStart(64, "0") + s.toString(16).padStart(64, "0");
  return `0x${digits}${(27 + yParity).toString(16)}`;
}

/** EIP-191: what wallets sign when they sign a message. */
function personalSign(account: DevelopmentAccount, message: Uint8Array): string {
  const prefix = asciiToBytes(`\x19Ethereum Signed Message:\n${message.length}`);
  return signBy(account, keccak256(concatBytes(prefix, message)));
}

/** EIP-712 data as an object, or as its JSON. */
function typedDataHash(value: unknown): Uint8Array {
  if (typeof value !== "string") return hashTypedData(value);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw invalidParams("typedData: not JSON");
  }
  return hashTypedData(parsed);
}

/** Sending, and signing by the keys of development accounts. */
export function sendingMethods(backend: RpcBackend, clock: Clock): Record<string, Method> {
  const accounts: Method = () => backend.developmentAccounts.map(({ address }) => address);
  const sendRaw = (values: readonly unknown[]): Promise<Hash32> =>
    submit(backend, new Params(values).bytes(0, "transaction"));
  const send = async (values: readonly unknown[]): Promise<Hash32> => {
    const { encoded, sender } = await signedTransaction(backend, new Params(values).object(0, "transaction"));
    return submit(backend, encoded, sender);
  };
  const signTypedData: Method = (values) => {
    const account = developmentAccount(backend, new Params(values).address(0, "address"));
    return signBy(account, typedDataHash(values[1]));
  };
  return {
    eth_accounts: accounts,
    eth_requestAccounts: accounts,
    eth_sendRawTransaction: sendRaw,
    eth_sendTransaction: send,
    /** (transaction, timeout): answered with the receipt (EIP-7966). */
    eth_sendRawTransactionSync: async (values) => {
      const timeoutMs = parseReceiptTimeout(values[1]);
      return awaitReceipt(backend, clock, await sendRaw(values), timeoutMs);
    },
    eth_sendTransactionSync: async (values) => {
      const timeoutMs = parseReceiptTimeout(values[1]);
      return awaitReceipt(backend, clock, await send(values), timeoutMs);
    },
    eth_signTransaction: async (values) => {
      const signed = await signedTransaction(backend, new Params(values).object(0, "transaction"));
      return { raw: bytesToHex(signed.encoded), tx: formatPendingTransaction(signed) };
    },
    /** What `eth_sendTransaction` would send, not signed. */
    eth_fillTransaction: async (values) => {
      const asked = new Params(values).object(0, "transaction");
      const fields = await fillTransaction(backend, asked);
      const encoded = encodeTransaction(fields, UNSIGNED, null);
      const sender = parseCallRequest(asked).from;
      const signature = { signature: UNSIGNED, payerSignature: null };
      const filled = { ...fields, ...signature, encoded, hash: keccakHash(encoded), sender };
      return { raw: bytesToHex(encoded), tx: formatPendingTransaction(filled) };
    },
    eth_sign: (values) => {
      const params = new Params(values);
      return personalSign(developmentAccount(backend, params.address(0, "address")), params.bytes(1, "message"));
    },
    eth_signTypedData_v4: signTypedData,
    /** What the third form can say, the fourth says alike. */
    eth_signTypedData_v3: signTypedData,
    personal_sign: (values) => {
      const params = new Params(values);
      return personalSign(developmentAccount(backend, params.address(1, "address")), params.bytes(0, "message"));
    },
  };
}
