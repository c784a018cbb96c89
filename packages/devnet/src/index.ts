export { type DevnetCommand, sendCommand } from "./controlChannel.ts";
export { createSecret } from "./createSecret.ts";
export { type DevnetLayout, devnetLayout, memberName, minerName } from "./layout.ts";
export { takeLock } from "./lock.ts";
export { type DevnetManifest, loadManifest, saveManifest } from "./manifest.ts";
export { createNetworkSpec, describeProcess, MINER_CPU_SHARE, type NetworkChoices } from "./networkFiles.ts";
export { requireFreePorts } from "./portCheck.ts";
export { type DevnetTools, placeProcesses, prepareDevnet } from "./prepareDevnet.ts";
export { createSupervisor, type Supervisor, type SupervisorOptions } from "./supervisor.ts";
