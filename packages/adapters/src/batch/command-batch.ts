import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import type { BatchCommands } from './batch-commands.ts';
import type { BatchJob, BatchRequest, BatchSystem } from './batch-system.ts';
import { PilotNotes, type NotedEnd, type PilotNote } from './pilot-notes.ts';
import type { SeenJob } from './seen-job.ts';

const scriptFile = 'script';

/**
 * A batch system that is driven by commands. It notes what it does before it does it, so that a
 * later agent goes on where this one was cut off, and asks one question for all batch jobs.
 */
export class CommandBatch implements BatchSystem {
  readonly driver: string;
  readonly spansNodes = true;
  readonly tellsChanges = false;
  readonly #commands: BatchCommands;
  readonly #notes: PilotNotes;
  readonly #submitting = new Map<PilotId, Promise<string>>();

  constructor(commands: BatchCommands, folder: string) {
    this.#commands = commands;
    this.#notes = new PilotNotes(folder);
    this.driver = commands.driver;
  }

  onChange(_changed: () => void): void {
    // Nobody tells; the agent looks.
  }

  submit(request: BatchRequest): Promise<string> {
    const { pilotId } = request;
    const known = this.#submitting.get(pilotId);
    if (known !== undefined) return known;
    const submitting = this.#submit(request).finally(() => this.#submitting.delete(pilotId));
    this.#submitting.set(pilotId, submitting);
    return submitting;
  }

  async #submit(request: BatchRequest): Promise<string> {
    const { pilotId, folder } = request;
    const known = await this.#notes.read(pilotId);
    if (known?.batchJobId != null) return known.batchJobId;
    const script = this.#commands.renderScript(request, Date.now());
    try {
      await this.#notes.prepare(pilotId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : '';
      const what = `submitting ${pilotId}: cannot make its folder: ${why}`;
      throw new DomainError('unavailable', what, { cause });
    }
    const unlock = await this.#notes.lock(pilotId);
    try {
      return await this.#submitOnce(request, script);
    } finally {
      await unlock();
    }
  }

  async #submitOnce(request: BatchRequest, script: string): Promise<string> {
    const { pilotId, folder } = request;
    const known = await this.#notes.read(pilotId);
    if (known?.batchJobId != null) return known.batchJobId;
    // A submission that was cut off, perhaps by an agent whose notes are lost, has left its name.
    const [found] = ours(await this.#commands.look([{ name: pilotId, batchJobId: null }]), pilotId);
    await this.#notes.begin(pilotId, folder);
    const batchJobId = found?.batchJobId ?? (await this.#send(request, script));
    await this.#notes.accept(pilotId, batchJobId);
    return batchJobId;
  }

  async #send(request: BatchRequest, script: string): Promise<string> {
    const { pilotId, folder } = request;
    const path = join(folder, scriptFile);
    try {
      // The mode counts only for a new file, and an older one may be somebody's.
      await rm(path, { force: true });
      await writeFile(path, script, { mode: 0o600, flag: 'wx' });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : '';
      const what = `submitting ${pilotId}: cannot write ${path}: ${why}`;
      throw new DomainError('unavailable', what, { cause });
    }
    try {
      return await this.#commands.submit(request, path);
    } catch (error) {
      if (error instanceof DomainError && error.kind !== 'unavailable') {
        // It was not accepted, for sure.
        await rm(path, { force: true });
        await this.#notes.remove(pilotId);
      }
      throw error;
    }
  }

  async list(): Promise<BatchJob[]> {
    // Read before the question: what is submitted meanwhile is not missing from its answer.
    const notes = await this.#notes.readAll();
    const open = notes.filter(({ end }) => end === null);
    const seen = open.length === 0 ? [] : await this.#commands.look(open.map(wanted));
    const found = open.map((note) => ({ note, job: choose(seen, note) }));
    const hopeless = found.flatMap(({ job }) => (job?.isHopeless ? [job] : []));
    // One that stays in the queue has not ended; the next look tries again.
    if (!(await this.#cancelHopeless(hopeless))) for (const job of hopeless) job.isHopeless = false;
    const gone = found.filter(({ note, job }) => job === null && note.batchJobId !== null);
    const ends = await this.#remember(gone.map(({ note }) => note));
    const jobs = await Promise.all(
      found.map(({ note, job }) => (job === null ? this.#lost(note, ends) : this.#tell(note, job))),
    );
    const over = notes.filter(({ end }) => end !== null);
    return [...over.map((note) => endedJob(note)), ...jobs.flatMap((job) => job ?? [])];
  }

  /** False when they could not be canceled: that must hide nothing of the others. */
  async #cancelHopeless(jobs: readonly SeenJob[]): Promise<boolean> {
    if (jobs.length === 0) return true;
    return this.#commands.cancel(jobs.map(({ batchJobId }) => batchJobId)).then(
      () => true,
      () => false,
    );
  }

  async #remember(notes: readonly PilotNote[]): ReturnType<BatchCommands['remember']> {
    const ids = notes.flatMap(({ batchJobId }) => batchJobId ?? []);
    return ids.length === 0 ? new Map() : this.#commands.remember(ids);
  }

  /** What the queue does not know: its end, or nothing at all of a submission that was cut off. */
  async #lost(
    note: PilotNote,
    ends: Awaited<ReturnType<BatchCommands['remember']>>,
  ): Promise<BatchJob | null> {
    if (note.batchJobId === null) return null;
    const end = ends.get(note.batchJobId) ?? {
      exitCode: null,
      signal: null,
      reason: 'it is no longer in the queue, and nobody remembers how it ended',
    };
    return this.#noteEnd(note, { hosts: [], restarts: 0, ...end });
  }

  async #tell(note: PilotNote, job: SeenJob): Promise<BatchJob> {
    const { isHopeless, name: _, ...told } = job;
    const isOver = job.state === 'ended' || isHopeless;
    if (!isOver) return { pilotId: note.pilotId, ...told };
    const { hosts, restarts, exitCode, signal } = job;
    const reason = isHopeless ? `it would wait for ever: ${job.reason}` : job.reason;
    const end = { hosts, restarts, exitCode, signal, reason };
    return this.#noteEnd({ ...note, batchJobId: job.batchJobId }, end);
  }

  async #noteEnd(note: PilotNote, end: NotedEnd): Promise<BatchJob> {
    const words = [end.reason, await lastWords(note.folder)].filter((word) => word !== null);
    const noted = { ...end, reason: words.length === 0 ? null : words.join('; ') };
    await this.#notes.end(note, noted);
    return endedJob({ ...note, end: noted });
  }

  async cancel(pilotIds: readonly PilotId[]): Promise<void> {
    for (const id of pilotIds) await this.#submitting.get(id)?.catch(() => null);
    const read = await Promise.all(
      pilotIds.map(async (id) => ({ id, note: await this.#notes.read(id) })),
    );
    const open = read.filter(({ note }) => note === null || note.end === null);
    const unsure = open.filter(({ note }) => note?.batchJobId == null);
    const names = unsure.map(({ id }) => ({ name: id, batchJobId: null }));
    const seen = names.length === 0 ? [] : await this.#commands.look(names);
    const ids = [
      ...open.flatMap(({ note }) => note?.batchJobId ?? []),
      ...unsure.flatMap(({ id }) => ours(seen, id).map(({ batchJobId }) => batchJobId)),
    ];
    if (ids.length > 0) await this.#commands.cancel(ids);
  }

  async forget(pilotIds: readonly PilotId[]): Promise<void> {
    const notes = await Promise.all(pilotIds.map((id) => this.#notes.read(id)));
    const known = notes.filter((note) => note !== null);
    // Of a submission that was cut off the queue may know more.
    const isUnsure = known.some(({ end, batchJobId }) => end === null && batchJobId === null);
    const listed = new Map(
      isUnsure ? (await this.list()).map((job) => [job.pilotId, job.state]) : [],
    );
    for (const { pilotId, folder, end, batchJobId } of known) {
      const isNothing = batchJobId === null && !listed.has(pilotId);
      if (end === null && listed.get(pilotId) !== 'ended' && !isNothing) continue;
      if (isNothing && (await this.#notes.isLocked(pilotId))) continue;
      await removeFolder(folder, pilotId);
      await this.#notes.remove(pilotId);
    }
  }
}

/** Removes a batch job's folder; of one that is not named after it only our file. */
async function removeFolder(folder: string, pilotId: PilotId): Promise<void> {
  const path = basename(folder) === pilotId ? folder : join(folder, scriptFile);
  await rm(path, { recursive: true, force: true });
}

function wanted({ pilotId, batchJobId }: PilotNote): { name: string; batchJobId: string | null } {
  return { name: pilotId, batchJobId };
}

/** The batch jobs of a pilot's name, those that still mean something first. */
function ours(seen: readonly SeenJob[], pilotId: PilotId): SeenJob[] {
  const rank = { running: 0, unknown: 1, queued: 2, ended: 3 };
  return seen
    .filter(({ name }) => name === pilotId)
    .sort((left, right) => rank[left.state] - rank[right.state]);
}

function choose(seen: readonly SeenJob[], { pilotId, batchJobId }: PilotNote): SeenJob | null {
  if (batchJobId === null) return ours(seen, pilotId)[0] ?? null;
  return seen.find((job) => job.batchJobId === batchJobId) ?? null;
}

function endedJob({ pilotId, batchJobId, end }: PilotNote): BatchJob {
  const { hosts, restarts, exitCode, signal, reason } = end ?? {
    hosts: [],
    restarts: 0,
    exitCode: null,
    signal: null,
    reason: null,
  };
  const told = { hosts, restarts, exitCode, signal, reason };
  return { pilotId, batchJobId: batchJobId ?? '', state: 'ended', expectedAt: null, ...told };
}

async function lastWords(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'stderr'), 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-3).join('; ').slice(-500);
  return lines === '' ? null : lines;
}
