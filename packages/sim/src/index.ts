export { MISCHIEF_CLASSES } from "./byzantine/mischiefClasses.ts";
export type { Violation } from "./check/watch.ts";
export { PROFILES, type Profile } from "./run/faultPlan.ts";
export { runSeed, type SeedOptions, type SeedReport } from "./run/runSeed.ts";
export { runSeeds, type SeedsOptions, type SeedsReport } from "./run/runSeeds.ts";
export { createTwinsKeys, runTwinsCase } from "./twins/runTwinsCase.ts";
export { TWINS_CASES, twinsCase } from "./twins/twinsCase.ts";
