import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFinished } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { addSeconds, fromMilliseconds } from '@interpulse/domain/time.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Collection } from '../collections/collections.ts';
import type { InstrumentConfig } from '../config/agent-config.ts';
import { watchSchema, type WatchConfig } from '../config/watch-config.ts';
import type { Tell } from '../hub/tell-hub.ts';
import { Hdf5Reader } from '../questions/hdf5-reader.ts';
import { answersFolder } from './answers-folder.ts';
import { FolderWatcher } from './folder-watcher.ts';
import { framesSoFar } from './frames-so-far.ts';
import { GrowthTeller } from './growth-teller.ts';
import { shotNumberReader, wholeNumber } from './shot-number.ts';
import { ToldJournal, type FileVersion } from './told-journal.ts';
import type { UnitFile } from './watch/read-unit.ts';
import { WatchedPaths } from './watch/watched-paths.ts';

/** Files of the past told at the same time, so that news do not wait behind them. */
const oldFilesAtOnce = 16;

/** Files that are gone leave the journal so often, in milliseconds: it must not grow for ever. */
const forgetEveryMs = 6 * 3_600_000;

/** Bytes of the names of a folder's files in one message; more, and the folder is told alone. */
const namesBytes = 512 * 1024;

/** Something to tell. */
interface Whole {
  version: FileVersion;
  files: readonly UnitFile[];
  isNews: boolean;
}

/** What watching one instrument needs. */
export interface WatchSurroundings {
  instrument: InstrumentConfig;
  collection: Collection;
  /** The agent's state folder. */
  folder: string;
  tell: Tell;
  log: AgentLog;
}

/**
 * Tells the hub of every file of an instrument that became whole, at once when the agent sees it,
 * and after a restart for what appeared meanwhile: the journal knows what the hub knows.
 */
export class WatchedInstrument {
  readonly #with: WatchSurroundings;
  readonly #journal: ToldJournal;
  readonly #watcher: FolderWatcher;
  /** What was watched by the rule before; null where it was this one, or there was none. */
  readonly #watchedBefore: WatchedPaths | null;
  readonly #numberOf: (path: string) => number | null;
  readonly #hdf5 = new Hdf5Reader();
  readonly #growth: GrowthTeller | null;
  /** Versions being told. */
  readonly #telling = new Set<string>();
  readonly #old: Whole[] = [];
  #oldUnderWay = 0;
  #hasWarnedOfWriting = false;
  #isClosed = false;
  #forgetting: Promise<void> = Promise.resolve();
  #forgetTimer: NodeJS.Timeout | undefined;

  private constructor(surroundings: WatchSurroundings, journal: ToldJournal) {
    const { instrument, collection, log } = surroundings;
    this.#with = surroundings;
    this.#journal = journal;
    this.#watchedBefore = journal.ruleBefore === null ? null : pathsOf(journal.ruleBefore);
    this.#numberOf = shotNumberReader(instrument);
    const { growing } = instrument.watch;
    this.#growth =
      growing && new GrowthTeller(growing.everySeconds, (version) => this.#tellGrowing(version));
    this.#watcher = new FolderWatcher({
      root: collection.root,
      mayMakeFolder: collection.writable,
      watch: instrument.watch,
      leaveOut: answersFolder(instrument),
      isKnown: (path) => journal.knows(path),
      isTold: (version, isRenamed) => this.#isTold(version, isRenamed),
      onWhole: (version, files, isNews) => this.#onWhole({ version, files, isNews }),
      onUnfinished: (version) => this.#growth?.saw(version),
      log,
    });
  }

  /** Begins to watch. @throws DomainError `invalid` for a bad configuration. */
  static async start(surroundings: WatchSurroundings): Promise<WatchedInstrument> {
    const { folder, instrument } = surroundings;
    const path = ToldJournal.pathOf(folder, instrument.name);
    const journal = await ToldJournal.open(path, ruleOf(instrument.watch));
    const watched = new WatchedInstrument(surroundings, journal);
    await watched.#watcher.start();
    watched.#journal.endFirstLook();
    watched.#forget();
    return watched;
  }

  /** Stops watching. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#forgetTimer);
    this.#growth?.close();
    this.#watcher.close();
    await this.#forgetting;
    await this.#journal.close();
    await this.#hdf5.close();
  }

  #forget(): void {
    this.#forgetting = this.#forgetGone();
    this.#forgetTimer = setTimeout(() => this.#forget(), forgetEveryMs).unref();
  }

  /** Files that were removed leave the journal, without haste. */
  async #forgetGone(): Promise<void> {
    for (const path of this.#journal.paths()) {
      if (this.#isClosed) return;
      const found = await lstat(join(this.#with.collection.root, path)).catch(() => null);
      if (found === null) this.#journal.drop(path);
    }
  }

  #isTold(version: FileVersion, isRenamed: boolean): boolean {
    if (this.#journal.has(version) || this.#telling.has(keyOf(version))) return true;
    // What is written into a file that came by a rename is not another one that came by a rename.
    const isOfRenames = this.#with.instrument.watch.settle === 'rename';
    if (!isOfRenames || isRenamed || !this.#journal.hasInode(version)) return false;
    this.#warnOfWriting(version.path);
    return true;
  }

  /** Once for all files: one writer writes them all. */
  #warnOfWriting(path: string): void {
    if (this.#hasWarnedOfWriting) return;
    this.#hasWarnedOfWriting = true;
    const { instrument, log } = this.#with;
    const advice = 'take another "settle": quietSeconds, a sentinel, or hdf5';
    const said = 'a file was written to after it was told: its writer does not rename it when done';
    log.warn({ instrument: instrument.name, path, advice }, said);
  }

  #isOld({ version, isNews }: Whole): boolean {
    const { firstBeganAtMs, isNew } = this.#journal;
    if (isNews || firstBeganAtMs === null) return false;
    if (this.#with.instrument.watch.existing === 'tell') return false;
    // Another rule looks for the first time only where the one before did not.
    const path = version.path.replace(/\/$/, '');
    if (this.#watchedBefore?.unitOf(path) === path) return false;
    // Where the first look was cut off, files came meanwhile.
    return isNew || version.modifiedMilliseconds <= firstBeganAtMs;
  }

  #onWhole(whole: Whole): void {
    const { version, isNews } = whole;
    this.#growth?.forget(version.path);
    const key = keyOf(version);
    if (this.#journal.has(version) || this.#telling.has(key)) return;
    if (this.#isOld(whole)) {
      this.#journal.note(version);
      return;
    }
    this.#telling.add(key);
    if (isNews) {
      void this.#tell(whole).then(() => this.#telling.delete(key));
      return;
    }
    this.#old.push(whole);
    this.#tellOld();
  }

  #tellOld(): void {
    while (this.#oldUnderWay < oldFilesAtOnce) {
      const whole = this.#old.shift();
      if (whole === undefined) return;
      this.#oldUnderWay += 1;
      void this.#tell(whole).then(() => {
        this.#oldUnderWay -= 1;
        this.#telling.delete(keyOf(whole.version));
        this.#tellOld();
      });
    }
  }

  /** Never rejects: what the hub refuses is told again by the next agent. */
  async #tell({ version, files, isNews }: Whole): Promise<void> {
    const { instrument, tell, log } = this.#with;
    const { path, sizeBytes } = version;
    const closedAt = fromMilliseconds(Date.now());
    const modifiedAt = instantOf(version);
    try {
      const shotNumber = this.#numberOf(path.replace(/\/$/, '')) ?? (await this.#readNumber(path));
      if (isNews && shotNumber !== null) this.#tellShot(shotNumber, modifiedAt);
      await tell({
        type: 'fileFinished',
        instrument: instrument.name,
        path,
        sizeBytes,
        modifiedAt,
        closedAt,
        shotNumber,
        metadata: {},
        ...(path.endsWith('/') ? { files: namedFiles(files) } : {}),
      });
      this.#journal.note(version);
    } catch (error) {
      log.error({ err: error, instrument: instrument.name, path }, 'the hub refused a file');
    }
  }

  /** Never rejects: what is not told is told with the next size. */
  async #tellGrowing(version: FileVersion): Promise<void> {
    const { instrument, tell, log } = this.#with;
    const { path, sizeBytes } = version;
    const about = { instrument: instrument.name, path, sizeBytes, modifiedAt: instantOf(version) };
    const seenAt = fromMilliseconds(Date.now());
    const frames = await framesSoFar(this.#hdf5, join(this.#with.collection.root, path));
    // It became whole meanwhile, and that is told.
    if (this.#growth?.has(path) !== true) return;
    const shotNumber = this.#numberOf(path);
    try {
      await tell({ type: 'fileGrowing', ...about, seenAt, shotNumber, frames });
    } catch (error) {
      log.error(
        { err: error, instrument: instrument.name, path },
        'the hub refused a growing file',
      );
    }
  }

  /** Where nothing but the file says that there was a shot. */
  #tellShot(shotNumber: number, takenAt: string): void {
    const { name, periodSeconds, simulate } = this.#with.instrument;
    if (periodSeconds === null || simulate !== undefined) return;
    const nextShotAt = addSeconds(takenAt, periodSeconds);
    void this.#with
      .tell({ type: 'shotTaken', instrument: name, shotNumber, takenAt, nextShotAt })
      .catch((error: unknown) => this.#with.log.error({ err: error }, 'the hub refused a shot'));
  }

  async #readNumber(path: string): Promise<number | null> {
    const { shotNumber } = this.#with.instrument;
    if (!('dataset' in shotNumber) || path.endsWith('/')) return null;
    try {
      const answer = await this.#hdf5.ask({
        ask: 'hdf5Value',
        file: join(this.#with.collection.root, path),
        path: shotNumber.dataset,
        selection: null,
        format: 'json',
      });
      const wrapped = 'value' in answer ? (answer.value as { value: unknown }).value : null;
      return wholeNumber(Array.isArray(wrapped) ? wrapped[0] : wrapped);
    } catch (error) {
      if (error instanceof DomainError) this.#with.log.warn({ err: error, path }, 'no shot number');
      return null;
    }
  }
}

/** What of a rule says which files are watched. */
function ruleOf({ folder, pattern, unit, settle, ignore }: WatchConfig): string {
  return JSON.stringify({ folder, pattern, unit, settle, ignore });
}

/** The paths of a rule that {@link ruleOf} wrote. */
function pathsOf(rule: string): WatchedPaths {
  return new WatchedPaths(watchSchema.parse(JSON.parse(rule)), []);
}

function keyOf({ path, sizeBytes, modifiedMilliseconds }: FileVersion): string {
  return `${path} ${sizeBytes} ${modifiedMilliseconds}`;
}

/** A clock that is set to another age must not keep a file from being told. */
function instantOf({ modifiedMilliseconds }: Pick<FileVersion, 'modifiedMilliseconds'>): string {
  const latest = Date.UTC(9999, 0);
  return fromMilliseconds(Math.min(Math.max(Math.floor(modifiedMilliseconds), 0), latest));
}

function namedFiles(files: readonly UnitFile[]): NonNullable<FileFinished['files']> {
  const bytes = files.reduce((sum, { path }) => sum + path.length + 100, 0);
  if (bytes > namesBytes) return [];
  return files.map((file) => ({
    path: file.path,
    sizeBytes: file.sizeBytes,
    modifiedAt: instantOf(file),
  }));
}
