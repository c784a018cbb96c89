export { type CommittedTrie, MerkleTrie, type NodeReader } from "./trie/merkleTrie.ts";
export { type KeySpan, proveSpan, verifySpan } from "./trie/rangeProof.ts";
export { proveKey, verifyProof } from "./trie/trieProof.ts";
export { readTrieRange, type TrieEntry } from "./trie/trieRange.ts";
export { type AccountRecord, decodeAccountRecord, encodeAccountRecord } from "./world/accountRecord.ts";
export { FIRST_KEY, LAST_KEY, type RestOfSpan, StateArchive, type StateChunk } from "./world/stateArchive.ts";
export { type AccountRangeEntry, type StateProof, StateStore } from "./world/stateStore.ts";
export { type MoveOptions, moveStorageToPages } from "./world/storageToPages.ts";
export { EMPTY_CODE_HASH, WorldState } from "./world/worldState.ts";
