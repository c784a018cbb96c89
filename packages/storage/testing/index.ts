export { describeDisk } from "./diskCompliance.ts";
export { describeKeyValueStore } from "./keyValueStoreCompliance.ts";
