import { OperationError } from "@festina/primitives";
import { type KeyValueStore, STORAGE_FORMAT_VERSION } from "@festina/storage";
import { plannedSteps, readFormat } from "./migrateData.ts";
import { MIGRATION_STEPS } from "./migrationSteps.ts";

/** @throws OperationError DATA_FORMAT, with what to do, for a folder that holds anything of another version, or half converted */
export function requireCurrentFormat(store: KeyValueStore): void {
  const { version = 0, migratingFrom } = readFormat(store);
  if (plannedSteps({ version, migratingFrom }, MIGRATION_STEPS, STORAGE_FORMAT_VERSION).length === 0) return;
  throw new OperationError(
    "DATA_FORMAT",
    `the data folder has format ${migratingFrom ?? version}, this program reads ${STORAGE_FORMAT_VERSION}; festina start converts it, and so does festina doctor --repair`,
  );
}
