import { crc32 } from "node:zlib";
import type { ChainSpec } from "@festina/chainspec";
import { BEACON_ROOTS, FEE_POT, HISTORY_STORAGE, VALIDATOR_REGISTRY } from "@festina/contracts";
import { rulesOfChain } from "@festina/fastchain";
import { bigintToBytes, bytesToHex, type Hash32, hexToBytes } from "@festina/primitives";
import type { MachineRules } from "@festina/rpc";

/** By address, as EIP-7910 names them. */
const PRECOMPILE_NAMES = [
  ..."ECREC SHA256 RIPEMD160 ID MODEXP BN254_ADD BN254_MUL BN254_PAIRING BLAKE2F KZG_POINT_EVALUATION".split(" "),
  ..."BLS12_G1ADD BLS12_G1MSM BLS12_G2ADD BLS12_G2MSM BLS12_PAIRING_CHECK BLS12_MAP_FP_TO_G1".split(" "),
  ..."BLS12_MAP_FP2_TO_G2 P256VERIFY".split(" "),
];

/** What `eth_config` tells of a chain. Its fork id is the checksum of the first block alone: no upgrade has come since. */
export function describeMachineRules(spec: ChainSpec, genesisHash: Hash32): MachineRules {
  const { precompiles } = rulesOfChain(spec);
  return {
    activationTimeSeconds: spec.genesisTimeSeconds,
    forkId: bytesToHex(bigintToBytes(BigInt(crc32(hexToBytes(genesisHash))), 4)),
    precompiles: Object.fromEntries(
      precompiles.map((address, index) => [PRECOMPILE_NAMES[index] ?? address, address] as const).sort(),
    ),
    systemContracts: {
      BEACON_ROOTS_ADDRESS: BEACON_ROOTS,
      FEE_POT_ADDRESS: FEE_POT,
      HISTORY_STORAGE_ADDRESS: HISTORY_STORAGE,
      VALIDATOR_REGISTRY_ADDRESS: VALIDATOR_REGISTRY,
    },
  };
}
