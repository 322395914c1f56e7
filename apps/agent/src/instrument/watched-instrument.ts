import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { parseLocation } from '@interpulse/domain/location.ts';
import { addSeconds, fromMilliseconds } from '@interpulse/domain/time.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Collection } from '../collections/collections.ts';
import type { InstrumentConfig } from '../config/agent-config.ts';
import type { Tell } from '../hub/tell-hub.ts';
import { Hdf5Reader } from '../questions/hdf5-reader.ts';
import { FolderWatcher } from './folder-watcher.ts';
import { shotNumberReader, wholeNumber } from './shot-number.ts';
import { ToldJournal, type FileVersion } from './told-journal.ts';

/** Files of the past told at the same time, so that news do not wait behind them. */
const oldFilesAtOnce = 16;

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
  readonly #numberOf: (path: string) => number | null;
  readonly #hdf5 = new Hdf5Reader();
  /** Versions being told. */
  readonly #telling = new Set<string>();
  readonly #old: FileVersion[] = [];
  #oldUnderWay = 0;
  #isClosed = false;
  #forgetting: Promise<void> = Promise.resolve();
  /** What lies there at the very first start is not news. */
  #skipsOld: boolean;

  private constructor(surroundings: WatchSurroundings, journal: ToldJournal) {
    const { instrument, collection, log } = surroundings;
    this.#with = surroundings;
    this.#journal = journal;
    this.#skipsOld = journal.isNew && instrument.watch.existing === 'skip';
    this.#numberOf = shotNumberReader(instrument);
    this.#watcher = new FolderWatcher({
      root: collection.root,
      mayMakeFolder: collection.writable,
      watch: instrument.watch,
      leaveOut: answersFolder(instrument),
      isKnown: (path) => journal.knows(path),
      onFile: (file, isNews) => this.#onFile(file, isNews),
      log,
    });
  }

  /** Begins to watch. @throws DomainError `invalid` for a bad configuration. */
  static async start(surroundings: WatchSurroundings): Promise<WatchedInstrument> {
    const { folder, instrument } = surroundings;
    const path = join(folder, 'journals', `${instrument.name}.jsonl`);
    const watched = new WatchedInstrument(surroundings, await ToldJournal.open(path));
    await watched.#watcher.start();
    watched.#skipsOld = false;
    watched.#forgetting = watched.#forgetGone();
    return watched;
  }

  /** Stops watching. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watcher.close();
    await this.#forgetting;
    await this.#journal.close();
    await this.#hdf5.close();
  }

  /** Files that were removed leave the journal, without haste. */
  async #forgetGone(): Promise<void> {
    for (const path of this.#journal.paths()) {
      if (this.#isClosed) return;
      const found = await lstat(join(this.#with.collection.root, path)).catch(() => null);
      if (found === null) this.#journal.drop(path);
    }
  }

  #onFile(file: FileVersion, isNews: boolean): void {
    if (this.#journal.has(file)) return;
    if (!isNews && this.#skipsOld) {
      this.#journal.note(file);
      return;
    }
    const key = `${file.path} ${file.sizeBytes} ${file.modifiedMilliseconds}`;
    if (this.#telling.has(key)) return;
    this.#telling.add(key);
    if (isNews) {
      void this.#tell(file, true).then(() => this.#telling.delete(key));
      return;
    }
    this.#old.push(file);
    this.#tellOld();
  }

  #tellOld(): void {
    while (this.#oldUnderWay < oldFilesAtOnce) {
      const file = this.#old.shift();
      if (file === undefined) return;
      this.#oldUnderWay += 1;
      void this.#tell(file, false).then(() => {
        this.#oldUnderWay -= 1;
        this.#telling.delete(`${file.path} ${file.sizeBytes} ${file.modifiedMilliseconds}`);
        this.#tellOld();
      });
    }
  }

  /** Never rejects: what the hub refuses is told again by the next agent. */
  async #tell(file: FileVersion, isNews: boolean): Promise<void> {
    const { instrument, tell, log } = this.#with;
    const { path, sizeBytes } = file;
    const closedAt = fromMilliseconds(Date.now());
    const modifiedAt = fromMilliseconds(Math.floor(file.modifiedMilliseconds));
    try {
      const shotNumber = this.#numberOf(path) ?? (await this.#readNumber(path));
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
      });
      this.#journal.note(file);
    } catch (error) {
      log.error({ err: error, instrument: instrument.name, path }, 'the hub refused a file');
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
    if (!('dataset' in shotNumber)) return null;
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

/** Answers that are put back must not start anything; they may lie in the same collection. */
function answersFolder(instrument: InstrumentConfig): string[] {
  const { collection, path } = parseLocation(instrument.returnTo);
  const folder = path.replace(/\/+$/, '');
  return collection === instrument.collection && folder !== '' ? [folder] : [];
}
