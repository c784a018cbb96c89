export { BEACON_ROOTS, FEE_POT, HISTORY_STORAGE, SYSTEM_CALLER, VALIDATOR_REGISTRY } from "./addresses.ts";
export {
  type BlsEncodingFailureCode,
  expandBlsKey,
  expandBlsSignature,
  G1_POINT_BYTES,
  G2_POINT_BYTES,
} from "./blsEncoding.ts";
export { BEACON_ROOTS_CODE, HISTORY_STORAGE_CODE, SYSTEM_RING_WORDS } from "./ethereumContracts.ts";
export {
  VALIDATOR_REGISTRY_ABI,
  VALIDATOR_REGISTRY_CODE,
  VALIDATOR_REGISTRY_SELECTORS,
} from "./generated/validatorRegistry.ts";
export {
  decodeCandidate,
  decodeCandidates,
  decodeSlashing,
  decodeWithdrawableAt,
  REGISTRY_PAGE_MAX,
  REGISTRY_VALIDATORS_MAX,
  type RegistryAnswerFailureCode,
  type RegistryCandidate,
  type Slashing,
} from "./registryAnswers.ts";
export {
  encodeCandidates,
  encodeGenesisRegister,
  encodeInitialise,
  encodeJail,
  encodeOnEpoch,
  encodeReady,
  encodeRegister,
  encodeRequestExit,
  encodeSlash,
  encodeUnjail,
  encodeValidator,
  encodeVoidSeat,
  encodeWithdraw,
  encodeWithdrawableAt,
  type GenesisRegistration,
} from "./registryCalls.ts";
