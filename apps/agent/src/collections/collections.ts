import { lstat, mkdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { CollectionRoot } from '@interpulse/adapters/mover/collection-root.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation, type Location } from '@interpulse/domain/location.ts';
import type { AgentConfig } from '../config/agent-config.ts';

/** One collection as configured. */
export type Collection = AgentConfig['collections'][number];

/** The agent's collections; turns locations into paths that never leave their collection's root. */
export class Collections {
  readonly #byName: Map<string, Collection>;

  constructor(collections: readonly Collection[]) {
    this.#byName = new Map(collections.map((each) => [each.name, each]));
  }

  /** The collection of that name. @throws DomainError `notFound`. */
  get(name: string): Collection {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw new DomainError('notFound', `this agent has no collection "${name}"; check its config`);
  }

  /**
   * The absolute path of something that is there, links resolved.
   *
   * @throws DomainError `notFound`, `invalid` for what leads out of the collection, `forbidden`,
   * `unavailable` when the root cannot be reached.
   */
  async existing(location: Location): Promise<string> {
    const { collection, path } = parseLocation(location);
    const root = await CollectionRoot.open(this.get(collection).root);
    const place = await root.locateSource(path.replace(/^\/+|\/+$/g, ''));
    const real = await realpath(place).catch((cause: unknown) => {
      const isForbidden = cause instanceof Error && 'code' in cause && cause.code === 'EACCES';
      const kind = isForbidden ? 'forbidden' : 'notFound';
      const why = isForbidden ? 'may not be read' : 'is not there';
      throw new DomainError(kind, `${location} ${why}`, { cause });
    });
    const prefix = root.real.endsWith(sep) ? root.real : root.real + sep;
    if (real === root.real || real.startsWith(prefix)) return real;
    throw new DomainError('invalid', `${location} is a link that leads out of its collection`);
  }

  /**
   * Makes a folder with those above it, and gives its absolute path.
   *
   * @throws DomainError `forbidden` when the collection is read-only, else as `existing`.
   */
  async makeFolder(location: Location): Promise<string> {
    const { collection, path } = parseLocation(location);
    const { root, writable } = this.get(collection);
    if (!writable) {
      throw new DomainError('forbidden', `writing ${location}: the collection is read-only`);
    }
    const opened = await CollectionRoot.open(root);
    return opened.makeFolder(path.replace(/^\/+|\/+$/g, ''));
  }

  /** Makes the roots that are writable and missing; those of others' data must be there. */
  async makeRoots(): Promise<void> {
    for (const { root, writable } of this.#byName.values()) {
      const isThere = await lstat(root).catch(() => null);
      if (isThere === null && writable) await mkdir(root, { recursive: true });
    }
  }

  /** All of them. */
  list(): Collection[] {
    return [...this.#byName.values()];
  }

  /** Where a path of a collection is, without a look at what is there. */
  place(name: string, path: string): string {
    return join(this.get(name).root, path);
  }
}
