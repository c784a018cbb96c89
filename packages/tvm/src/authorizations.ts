import type { RecoverPublicKey } from "@festina/crypto";
import type { Address } from "@festina/primitives";
import { ZERO_ADDRESS } from "@festina/primitives";
import { type Authorization, recoverAuthority } from "@festina/types";
import { EMPTY_ACCOUNT, EMPTY_CODE_HASH } from "./account.ts";
import { delegationTarget, encodeDelegation } from "./delegation.ts";
import { AUTHORIZATION_REFUND_GAS } from "./intrinsicGas.ts";
import type { StateView } from "./ports.ts";

export const NONCE_MAX = 2n ** 64n - 1n;

export interface AuthorizationEffect {
  /** Every authority that could be recovered, valid or not, is warm. */
  readonly warm: readonly Address[];
  readonly refundGas: bigint;
}

/** Sets the delegations of an EIP-7702 transaction. One that does not fit is skipped; the transaction stays valid. */
export function applyAuthorizations(
  view: StateView,
  chainId: bigint,
  authorizations: readonly Authorization[],
  recover: RecoverPublicKey,
): AuthorizationEffect {
  const warm: Address[] = [];
  let refundGas = 0n;
  for (const authorization of authorizations) {
    if (authorization.chainId !== 0n && authorization.chainId !== chainId) continue;
    if (authorization.nonce >= NONCE_MAX) continue;
    const authority = recoverAuthority(authorization, recover);
    if (authority === null) continue;
    warm.push(authority);
    const existing = view.getAccount(authority);
    const account = existing ?? EMPTY_ACCOUNT;
    const hasOtherCode = account.codeHash !== EMPTY_CODE_HASH && delegationTarget(view.getCode(authority)) === null;
    if (hasOtherCode || account.nonce !== authorization.nonce) continue;
    if (existing !== null) refundGas += AUTHORIZATION_REFUND_GAS;
    const clears = authorization.address === ZERO_ADDRESS;
    view.putAccount(authority, { ...account, nonce: account.nonce + 1n, codeHash: EMPTY_CODE_HASH });
    if (!clears) view.putCode(authority, encodeDelegation(authorization.address));
  }
  return { warm, refundGas };
}
