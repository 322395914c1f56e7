import type { Principal } from '@interpulse/domain/access/principal.ts';
import type { App } from '@interpulse/domain/app/app.ts';
import { findPrincipals } from '@interpulse/store/access/access.ts';
import { findApps } from '@interpulse/store/apps/apps.ts';
import type { Executor } from '@interpulse/store/executor.ts';
import { readRevisions, type Revised, type Revisions } from '@interpulse/store/revisions.ts';
import { findCollectionSites, type CollectionSite } from '@interpulse/store/sites/read-sites.ts';
import type { HubTransaction } from '../hub.ts';

/** Most things of one kind that are kept. */
const mostKept = 10_000;

/**
 * What every step asks for and what seldom changes, kept in memory. Each transaction looks whether
 * it has changed (`revisions`), so that it sees what it would have read. A transaction that
 * changes such things itself must not have asked for them before.
 */
export interface Kept {
  /** Apps by name; the same object as long as no app changes. */
  readonly apps: KeptByName<App>;
  /** Collections by name. */
  readonly collections: KeptByName<CollectionSite>;
  /** Users and service accounts by id. */
  readonly principals: KeptByName<Principal>;
}

/** Nothing is known at first. */
export function createKept(): Kept {
  return {
    apps: new KeptByName('apps', findApps),
    collections: new KeptByName('collections', findCollectionSites),
    principals: new KeptByName('access', findPrincipals),
  };
}

type Read<T> = (db: Executor, names: readonly string[]) => Promise<ReadonlyMap<string, T>>;

/** What is kept of one kind. */
export class KeptByName<T> {
  readonly #kind: Revised;
  readonly #read: Read<T>;
  #revision = -1;
  #known = new Map<string, T>();

  constructor(kind: Revised, read: Read<T>) {
    this.#kind = kind;
    this.#read = read;
  }

  /** Those of these names that there are. */
  async get(tx: HubTransaction, names: readonly string[]): Promise<ReadonlyMap<string, T>> {
    if (names.length === 0) return new Map();
    const revision = (await revisionsOf(tx))[this.#kind];
    // Its own changes may be rolled back, and nobody else sees them.
    if (revision === null) return this.#read(tx, [...new Set(names)]);
    if (revision !== this.#revision || this.#known.size > mostKept) {
      this.#revision = revision;
      this.#known = new Map();
    }
    // Others may begin anew while this one reads.
    const known = this.#known;
    const missing = names.filter((name) => !known.has(name));
    if (missing.length > 0) {
      for (const [name, found] of await this.#read(tx, [...new Set(missing)])) {
        known.set(name, found);
      }
    }
    return known;
  }
}

async function revisionsOf(tx: HubTransaction): Promise<Revisions> {
  const asked = tx.ahead.see('revisions');
  if (asked !== undefined) return asked;
  const answer = readRevisions(tx);
  tx.ahead.ask('revisions', answer);
  return answer;
}
