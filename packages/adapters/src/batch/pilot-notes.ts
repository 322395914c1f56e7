import { randomBytes } from 'node:crypto';
import {
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema, type PilotId } from '@interpulse/domain/id.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { isAlive, readOwnIdentity, type ProcessIdentity } from './process-identity.ts';
import { startedFile } from './script-body.ts';

/** What is known of a pilot's batch job, across restarts of the agent. */
export interface PilotNote {
  pilotId: PilotId;
  /** The batch job's own folder. */
  folder: string;
  /** Null while nobody knows whether its submission was accepted. */
  batchJobId: string | null;
  /** How it ended; null until that was seen. */
  end: NotedEnd | null;
}

/** How a batch job ended. */
export interface NotedEnd {
  hosts: readonly string[];
  restarts: number;
  exitCode: number | null;
  signal: string | null;
  reason: string | null;
}

/**
 * Notes about pilots, a folder each below `folder`: `request` says that a submission has begun,
 * `batch-job` which batch job it became, `end` how that ended, `lock` who is submitting.
 */
export class PilotNotes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All pilots of which a submission has begun and that were not removed. */
  async readAll(): Promise<PilotNote[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw fault(`reading the notes on pilots in ${this.#folder}`, error);
    });
    const ids = names.flatMap((name) => {
      const parsed = idSchema('pilot').safeParse(name);
      return parsed.success ? [parsed.data] : [];
    });
    const notes = await Promise.all(ids.map((id) => this.read(id)));
    return notes.filter((note) => note !== null);
  }

  /** One pilot's note, or null when no submission of it has begun. */
  async read(pilotId: PilotId): Promise<PilotNote | null> {
    const folder = await this.#text(pilotId, 'request');
    if (folder === null) return null;
    const [noted, end] = await Promise.all([
      this.#text(pilotId, 'batch-job'),
      this.#text(pilotId, 'end'),
    ]);
    // Where one pilot became two batch jobs, the one that has started counts.
    const batchJobId = (await readLine(join(folder, startedFile))) ?? noted;
    return { pilotId, folder, batchJobId, end: end === null ? null : JSON.parse(end) };
  }

  /** Notes that a submission begins, before anything else happens. */
  async begin(pilotId: PilotId, folder: string): Promise<void> {
    await this.#write(pilotId, 'request', folder);
  }

  /** Notes which batch job it became. */
  async accept(pilotId: PilotId, batchJobId: string): Promise<void> {
    await this.#write(pilotId, 'batch-job', batchJobId);
  }

  /** Notes how it ended: from then on nobody is asked about it. */
  async end(note: PilotNote, end: NotedEnd): Promise<void> {
    if (note.batchJobId !== null) await this.accept(note.pilotId, note.batchJobId);
    await this.#write(note.pilotId, 'end', JSON.stringify(end));
  }

  /** Removes all that is kept of a pilot. */
  async remove(pilotId: PilotId): Promise<void> {
    await rm(join(this.#folder, pilotId), { recursive: true, force: true });
  }

  /** Makes a pilot's folder. */
  async prepare(pilotId: PilotId): Promise<void> {
    await mkdir(join(this.#folder, pilotId), { recursive: true, mode: 0o700 });
  }

  /**
   * Becomes the only one that submits this pilot, once whoever is at it has ended or died. The
   * answer gives it up again.
   *
   * @throws DomainError `unavailable` when the other one takes too long.
   */
  async lock(pilotId: PilotId): Promise<() => Promise<void>> {
    const path = join(this.#folder, pilotId, 'lock');
    const mine = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(mine, JSON.stringify({ ...(await readOwnIdentity()), host: hostname() }));
    const endsAtMs = performance.now() + 3 * limits.batchCommandSeconds * 1000;
    try {
      while (!(await isLinked(mine, path))) {
        if (await isAbandoned(path)) await takeAway(path);
        else if (performance.now() > endsAtMs) {
          const what = `submitting ${pilotId}: another agent has been at it for too long`;
          throw new DomainError('unavailable', `${what}; if there is none, remove ${path}`);
        } else await new Promise((resolve) => setTimeout(resolve, 20));
      }
    } finally {
      await unlink(mine).catch(() => undefined);
    }
    return () => unlink(path).catch(() => undefined);
  }

  /** Whether somebody who lives is submitting this pilot. */
  async isLocked(pilotId: PilotId): Promise<boolean> {
    const path = join(this.#folder, pilotId, 'lock');
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    return isThere && !(await isAbandoned(path));
  }

  async #text(pilotId: PilotId, name: string): Promise<string | null> {
    return readFile(join(this.#folder, pilotId, name), 'utf8').catch(() => null);
  }

  /** Whole or not at all, also when the machine stops in between. */
  async #write(pilotId: PilotId, name: string, text: string): Promise<void> {
    const path = join(this.#folder, pilotId, name);
    const part = `${path}.${randomBytes(6).toString('hex')}`;
    try {
      await writeFile(part, text, { flush: true, mode: 0o600 });
      await rename(part, path);
    } catch (cause) {
      throw fault(`noting the ${name} of ${pilotId}`, cause);
    }
  }
}

async function readLine(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const line = text?.split('\n')[0]?.trim() ?? '';
  return line === '' ? null : line;
}

/** A link cannot be made over what is there, on no file system. */
async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw fault(`locking ${to}`, error);
  }
}

/**
 * On another machine nobody can be asked, nor where nobody is named; no submission takes longer
 * than its commands may.
 */
async function isAbandoned(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return false;
  const holder = readHolder(text);
  if (holder?.host === hostname()) return !(await isAlive(holder));
  const noted = await stat(path).catch(() => null);
  const ageMs = noted === null ? 0 : Date.now() - noted.mtimeMs;
  return ageMs > 4 * limits.batchCommandSeconds * 1000;
}

/** Null where a machine that stopped has left no words. */
function readHolder(text: string): (ProcessIdentity & { host: string }) | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Of several that take away an abandoned lock one succeeds, and none takes away a new one. */
async function takeAway(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  const isMine = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!isMine) return;
  if (!(await isAbandoned(aside))) await link(aside, path).catch(() => undefined);
  await unlink(aside).catch(() => undefined);
}

function fault(what: string, cause: unknown): DomainError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new DomainError('unavailable', `${what}${why}; see the agent's folder`, { cause });
}
