import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation, type Location } from '@interpulse/domain/location.ts';
import type { Collections } from '../collections/collections.ts';

/** A folder that was looked at is taken for the same one this long. */
const trustedMs = 5_000;

/** Folders remembered at a time. */
const foldersKept = 1_000;

interface Trusted {
  path: Promise<string>;
  untilMs: number;
}

/**
 * Makes the work folders of attempts. Thousands lie side by side in one folder, which is made and
 * followed through its links once for all of them; below it only new folders are trusted unseen.
 */
export class WorkFolders {
  readonly #collections: Collections;
  readonly #trusted = new Map<Location, Trusted>();

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  /**
   * Makes `…/JOB/ATTEMPT` and gives its absolute path. What lies there is left alone: a lease that
   * comes again must not touch what its process may be writing.
   *
   * @throws DomainError with what stands in the way and what to do about it.
   */
  async make(workFolder: Location): Promise<string> {
    const { collection, path } = parseLocation(workFolder);
    const ofJob = dirname(path);
    const ofAll = dirname(ofJob);
    if (ofAll === ofJob) return this.#makeSlowly(workFolder);
    const base = await this.#base(`${collection}:${ofAll}`);
    const place = join(base, basename(ofJob));
    try {
      await mkdir(place);
    } catch (error) {
      // It is there already, perhaps as a link, or what was trusted is gone.
      this.#trusted.delete(`${collection}:${ofAll}`);
      if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') {
        return this.#makeSlowly(workFolder);
      }
      throw explained(error, workFolder);
    }
    const folder = join(place, basename(path));
    await mkdir(folder).catch((error: unknown) => {
      throw explained(error, workFolder);
    });
    return folder;
  }

  async #base(location: Location): Promise<string> {
    const known = this.#trusted.get(location);
    if (known !== undefined && performance.now() < known.untilMs) return known.path;
    const path = this.#makeSlowly(location).then((made) => realpath(made));
    path.catch(() => this.#trusted.delete(location));
    if (this.#trusted.size >= foldersKept) this.#trusted.clear();
    this.#trusted.set(location, { path, untilMs: performance.now() + trustedMs });
    return path;
  }

  async #makeSlowly(location: Location): Promise<string> {
    try {
      return await this.#collections.makeFolder(location);
    } catch (error) {
      throw explained(error, location);
    }
  }
}

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space on the scratch collection',
  EDQUOT: 'the disk quota is used up; free some space on the scratch collection',
  EROFS: 'the file system is read-only; name another scratch collection',
  EACCES: 'this user may not write there; correct the permissions of the scratch collection',
  EPERM: 'this user may not write there; correct the permissions of the scratch collection',
  ENOTDIR: 'a file is in the way; move it from where the scratch collection is',
  EEXIST: 'a file is in the way; move it from where the scratch collection is',
  EMLINK: 'the folder holds as many folders as the file system allows; clean it',
};

function explained(error: unknown, location: Location): unknown {
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : null);
  const remedy = code === null ? undefined : remedies[code];
  if (remedy === undefined) return error;
  const said = `making its work folder ${location}: ${remedy}`;
  return new DomainError('unavailable', said, { cause: error });
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
