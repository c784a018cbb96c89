import { moveStorageToPages } from "@festina/state";
import type { MigrationStep } from "./migrateData.ts";

/** In the order of their versions, without a gap, up to today's. Versions before the first cannot be converted. */
export const MIGRATION_STEPS: readonly MigrationStep[] = [
  {
    from: 3,
    what: "slots of contracts are laid together in pages",
    run: (store, onProgress) => moveStorageToPages(store, { onProgress }),
  },
];
