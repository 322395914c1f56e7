import { after, describe } from 'node:test';
import type { Database } from '@interpulse/store/database.ts';
import { debianServer, embeddedServer } from './find-test-servers.ts';
import { testServer } from './start-test-server.ts';

/** Opens a new, migrated, empty database; the suite closes and deletes it at its end. */
export type OpenFreshDatabase = () => Promise<Database>;

/**
 * Runs the same suite on every PostgreSQL we promise: the embedded one, and the one of Debian's
 * packages, which is skipped by name where it is not installed. Call `openFreshDatabase` in tests
 * or in `before` hooks.
 */
export function withDatabases(
  suiteName: string,
  define: (openFreshDatabase: OpenFreshDatabase) => void,
): void {
  for (const kind of [embeddedServer, debianServer]) {
    const skip = kind.skip ?? false;
    describe(`${suiteName} on ${kind.name}`, { skip }, () => {
      const opened: Database[] = [];
      after(async () => {
        for (const database of opened) await (await testServer(kind)).drop(database);
      });
      define(async () => {
        const database = await (await testServer(kind)).openFresh();
        opened.push(database);
        return database;
      });
    });
  }
}
