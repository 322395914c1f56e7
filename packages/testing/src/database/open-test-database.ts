import type { Database } from '@interpulse/store/database.ts';
import { embeddedServer } from './find-test-servers.ts';
import { testServer } from './start-test-server.ts';

/**
 * Opens a fresh, migrated database on the embedded server, for tests that need one and do not care
 * which. Close it (`database.close()`) when done. `database.connection` may be given to other
 * processes; it works until this process ends.
 */
export async function openTestDatabase(): Promise<Database> {
  const server = await testServer(embeddedServer);
  return server.openFresh();
}
