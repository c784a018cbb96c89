export { crc32c } from "./crc32c.ts";
export type { KeyRange, KeyValueStore, WriteOperation } from "./keyValueStore.ts";
export { EvidenceStore } from "./stores/evidenceStore.ts";
export { FastBlockStore, readNumber, type StoredFastBlock, type TransactionLocation } from "./stores/fastBlockStore.ts";
export { MetaStore, STORAGE_FORMAT_VERSION } from "./stores/metaStore.ts";
export { SnailBlockStore, type StoredSnailBlock } from "./stores/snailBlockStore.ts";
export { numberKey, prefixEnd, TABLE, tableKey } from "./tables.ts";
export { encodeWalRecord, readWalRecords, WAL_RECORD_BYTES_MAX, type WalRecord, type WalVerdict } from "./walRecord.ts";
export { WriteBatch } from "./writeBatch.ts";
