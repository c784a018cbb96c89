import type { Address } from "@festina/primitives";
import type { GenesisAccount } from "../chainSpec.ts";

/**
 * The contract by which tools create others at the same address on every chain (CREATE2 with a salt): forge's scripts need
 * it. Elsewhere a transaction from before EIP-155 deploys it, which names no chain and which pools here do not take.
 *
 * Source: github.com/Arachnid/deterministic-deployment-proxy
 */
export const DETERMINISTIC_DEPLOYER: GenesisAccount = {
  address: "0x4e59b44847b379578588920ca78fbf26c0b4956c" as Address,
  balanceWei: 0n,
  nonce: 1n,
  code: "0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3",
};
