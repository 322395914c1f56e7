import { lstat, mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { fileFault } from './file-fault.ts';

/** The parts of a path relative to a collection; throws `invalid` for one that could leave it. */
export function pathSegments(path: string): string[] {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (path.startsWith('/') || path.includes('\0') || segments.includes('..')) {
    throw new DomainError(
      'invalid',
      `using ${JSON.stringify(path)}: the path leaves its collection; name it relative to the root`,
    );
  }
  return segments;
}

/**
 * A folder under a name: everything a transfer touches lies in it. Folders on the way may be links
 * as long as they end inside the root.
 */
export class CollectionRoot {
  readonly path: string;
  /** The same without links. */
  readonly real: string;
  /** Folders already checked, by relative path; one transfer sees few folders and many files. */
  readonly #folders = new Map<string, Promise<string>>();
  readonly #claimed = new Set<string>();

  private constructor(path: string, real: string) {
    this.path = path;
    this.real = real;
  }

  /** Throws `unavailable` when the root is not a folder that can be reached. */
  static async open(path: string): Promise<CollectionRoot> {
    try {
      const real = await realpath(path);
      if (!(await lstat(real)).isDirectory()) throw new Error('it is not a folder');
      return new CollectionRoot(path, real);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new DomainError('unavailable', `opening the collection at ${path}: ${why}`, {
        cause: error,
      });
    }
  }

  /** Where an existing thing is; its own last segment may still be a link. */
  async locateSource(path: string): Promise<string> {
    const segments = pathSegments(path);
    const name = segments.pop();
    if (name === undefined) return this.real;
    try {
      const folder = await realpath(join(this.real, ...segments));
      return join(this.#inside(folder, path), name);
    } catch (error) {
      throw fileFault(error, 'looking for', path);
    }
  }

  /**
   * Where a file shall go; makes the folders on the way. A root is opened for one transfer, and a
   * second file of it with the same name is a `conflict`.
   */
  async locateDestination(path: string): Promise<string> {
    const segments = pathSegments(path);
    const name = segments.pop();
    if (name === undefined || path.endsWith('/')) {
      throw new DomainError('invalid', `writing ${path}: that is not the name of a file`);
    }
    const finalPath = join(await this.makeFolder(segments.join('/')), name);
    if (this.#claimed.has(finalPath)) {
      throw new DomainError('conflict', `writing ${path}: the transfer names it twice`);
    }
    this.#claimed.add(finalPath);
    return finalPath;
  }

  /** Makes a folder with those above it, unless it is there, and says where it really is. */
  makeFolder(path: string): Promise<string> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const made = this.#makeFolder(path);
    this.#folders.set(path, made);
    return made;
  }

  async #makeFolder(path: string): Promise<string> {
    const wanted = join(this.real, ...pathSegments(path));
    try {
      const missing: string[] = [];
      let present = wanted;
      for (;;) {
        const real = await realpathUnlessMissing(present);
        if (real !== null) {
          const target = join(this.#inside(real, path), ...missing);
          await mkdir(target, { recursive: true });
          return target;
        }
        missing.unshift(basename(present));
        present = dirname(present);
      }
    } catch (error) {
      throw fileFault(error, 'making the folder', path === '' ? this.path : path);
    }
  }

  #inside(real: string, path: string): string {
    const prefix = this.real.endsWith(sep) ? this.real : this.real + sep;
    if (real === this.real || real.startsWith(prefix)) return real;
    throw new DomainError(
      'invalid',
      `using ${path}: a link on the way leads out of the collection; name the real place`,
    );
  }
}

/** Null for what is not there. A link to nowhere throws: making it would write where it points. */
async function realpathUnlessMissing(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const present = await lstat(path).catch(() => null);
    if (present === null) return null;
    if (present.isSymbolicLink()) throw error;
    // Another file of the transfer made it meanwhile.
    return realpath(path);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
