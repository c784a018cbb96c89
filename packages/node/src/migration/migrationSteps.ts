import type { MigrationStep } from "./migrateData.ts";

/** In the order of their versions, without a gap, up to today's. Versions before the first cannot be converted. */
export const MIGRATION_STEPS: readonly MigrationStep[] = [];
