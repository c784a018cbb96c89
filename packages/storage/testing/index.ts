export { describeKeyValueStore } from "./keyValueStoreCompliance.ts";
