import { lstat, mkdir, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentLog } from '../agent-log.ts';
import type { WatchConfig } from '../config/watch-config.ts';
import type { FileVersion } from './told-journal.ts';
import { fileSystemOf } from './watch/file-systems.ts';
import { FolderNotices } from './watch/folder-notices.ts';
import { readFileUnit, readFolderUnit, type UnitFile, type UnitState } from './watch/read-unit.ts';
import { decideSettle, quietMsOf, type Sighting } from './watch/settle.ts';
import { Timers } from './watch/timers.ts';
import { watchLimits } from './watch/watch-limits.ts';
import { WatchedPaths } from './watch/watched-paths.ts';

/** Where to look, and whom to tell. */
export interface WatcherOptions {
  /** Absolute path of the collection's root. */
  root: string;
  /** Whether a folder that is missing may be made. */
  mayMakeFolder: boolean;
  watch: WatchConfig;
  /** Folders of the collection that are left out, with a leading `/`. */
  leaveOut: readonly string[];
  /** Whether any version of a path was told. */
  isKnown: (path: string) => boolean;
  /** Whether this version was told, or need not be; `isRenamed` when it came under its name now. */
  isTold: (version: FileVersion, isRenamed: boolean) => boolean;
  /** A unit is whole; `isNews` when it was seen to become so. May be called twice for one. */
  onWhole: (version: FileVersion, files: readonly UnitFile[], isNews: boolean) => void;
  /** A unit was seen that is not whole yet; called at each look. */
  onUnfinished: (version: FileVersion) => void;
  log: AgentLog;
}

/** Why something is looked at. */
interface Cause {
  /** False for what lay there when watching began. */
  isNews: boolean;
  /** It came under its name just now. */
  isRenamed: boolean;
  /** The system told of it, and will tell of the next write too. */
  isNotice: boolean;
}

const atStart: Cause = { isNews: false, isRenamed: false, isNotice: false };
const inPassing: Cause = { isNews: true, isRenamed: false, isNotice: false };

/**
 * Watches a folder of a collection for files, or folders, that become whole: by what the system
 * tells, by looking, or both. What is seen only decides; what lies there is what is told, so a
 * notice that is lost, doubled or late does no harm.
 */
export class FolderWatcher {
  readonly #options: WatcherOptions;
  readonly #paths: WatchedPaths;
  readonly #notices: FolderNotices;
  readonly #timers = new Timers();
  /** Folders that are watched or looked through. */
  readonly #folders = new Set<string>();
  readonly #sightings = new Map<string, Sighting & { key: string; isNews: boolean }>();
  /** Units being looked at, with the cause to look again where something happened meanwhile. */
  readonly #busy = new Map<string, Cause | null>();
  /** Whether the system's word is asked for, and whether it can be the only one. */
  #way = { byEvents: true, isNetwork: false };
  /** Some folders have no watch: the system has none left. */
  #isLimited = false;
  #noticesSinceScan = 0;
  #changed = false;
  #pauseMs = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#paths = new WatchedPaths(options.watch, options.leaveOut);
    this.#notices = new FolderNotices(options.root, {
      onChange: (folder, kind, name) => this.#onNotice(folder, kind, name),
      onLost: (folder) => this.#dropFolder(folder),
      onLimit: (error) => this.#onLimit(error),
    });
  }

  /** Begins to watch, and looks at what lies there already. */
  async start(): Promise<void> {
    const { root, mayMakeFolder, watch, log } = this.#options;
    const { top } = this.#paths;
    try {
      if (mayMakeFolder) await mkdir(join(root, top), { recursive: true });
      const kind = await fileSystemOf(join(root, top));
      const byEvents = watch.method !== 'scan';
      this.#way = { byEvents, isNetwork: watch.method !== 'events' && kind.isNetwork };
      await this.#addFolder(top, atStart, true);
    } catch (error) {
      log.warn({ err: error, folder: join(root, top) }, 'the folder cannot be watched yet');
      this.#timers.later('start', watchLimits.tryAgainMs, () => void this.start());
      return;
    }
    this.#pauseMs = this.#leastPauseMs();
    this.#planScan(this.#pauseMs);
  }

  /** Stops watching. */
  close(): void {
    this.#timers.close();
    this.#notices.close();
    this.#folders.clear();
    this.#sightings.clear();
  }

  #onLimit(err: unknown): void {
    const advice = 'raise fs.inotify.max_user_watches (sysctl), or watch fewer folders';
    this.#options.log.warn(
      { err, advice },
      'the system watches no more; folders are looked through',
    );
    this.#isLimited = true;
    this.#timers.again('scan', watchLimits.scanLeastMs, () => void this.#scan());
  }

  get #isScanned(): boolean {
    const { byEvents, isNetwork } = this.#way;
    const isAsked = this.#options.watch.rescanSeconds !== null;
    return !byEvents || isNetwork || isAsked || this.#isLimited;
  }

  #leastPauseMs(): number {
    const { rescanSeconds } = this.#options.watch;
    if (rescanSeconds !== null) return rescanSeconds * 1000;
    return this.#isScanned ? watchLimits.scanLeastMs : watchLimits.safetyMs;
  }

  #planScan(afterMs: number): void {
    this.#timers.later('scan', afterMs, () => void this.#scan());
  }

  /** Looks through all folders, at known files too where changes may not be told; never rejects. */
  async #scan(isThorough = this.#isScanned): Promise<void> {
    const startedMs = performance.now();
    this.#changed = false;
    this.#noticesSinceScan = 0;
    for (const folder of [...this.#folders]) {
      if (this.#timers.isClosed) return;
      await this.#lookThrough(folder, inPassing, isThorough).catch(() => this.#dropFolder(folder));
    }
    const leastMs = this.#leastPauseMs();
    const mostMs = Math.max(leastMs, this.#isScanned ? watchLimits.scanMostMs : leastMs);
    const grownMs = this.#changed ? leastMs : this.#pauseMs * watchLimits.scanGrowth;
    const share = this.#isScanned ? watchLimits.scanShare : watchLimits.lookShare;
    const costMs = (performance.now() - startedMs) * share;
    // Who asked for a pause gets it; else it follows what happens, and what looking costs.
    const isFixed = this.#options.watch.rescanSeconds !== null;
    this.#pauseMs = isFixed ? leastMs : Math.min(Math.max(grownMs, leastMs), mostMs);
    this.#planScan(Math.max(this.#pauseMs, costMs));
  }

  /** `path` is within the collection: empty for its root, else with a leading `/`. */
  async #addFolder(path: string, cause: Cause, isTop = false): Promise<void> {
    if (this.#timers.isClosed || this.#folders.has(path) || !this.#paths.mayHold(path)) return;
    this.#folders.add(path);
    try {
      // Watched before it is looked through, so that nothing falls between.
      if (this.#way.byEvents) this.#notices.add(path);
      await this.#lookThrough(path, cause, true);
    } catch (err) {
      this.#dropFolder(path);
      if (isTop) throw err;
      const code = (err as NodeJS.ErrnoException).code;
      if (code !== 'ENOENT') this.#options.log.warn({ err, path }, 'a folder cannot be read');
    }
  }

  #dropFolder(path: string): void {
    this.#notices.drop(path);
    if (!this.#folders.delete(path)) return;
    if (path !== this.#paths.top) return;
    this.#timers.later('start', watchLimits.tryAgainMs, () => void this.start());
  }

  #onNotice(folder: string, kind: string, name: string): void {
    if (this.#timers.isClosed) return;
    this.#noticesSinceScan += 1;
    if (name !== '' && !this.#paths.isHidden(name)) {
      const isRenamed = kind === 'rename';
      void this.#consider(`${folder}/${name}`, { isNews: true, isRenamed, isNotice: true });
    }
    this.#timers.later(`look ${folder}`, watchLimits.lookAgainMs, () => this.#lookAgain(folder));
  }

  #lookAgain(folder: string): void {
    if (this.#noticesSinceScan > watchLimits.floodNotices) {
      this.#noticesSinceScan = 0;
      this.#timers.now('scan', () => void this.#scan(true));
      return;
    }
    const startedMs = performance.now();
    const rest = (): void => {
      // Keeps the next look away for a while, in proportion to what this one cost.
      const pauseMs = (performance.now() - startedMs) * watchLimits.lookShare;
      if (pauseMs <= watchLimits.lookAgainMs) return;
      this.#timers.later(`look ${folder}`, pauseMs, () => undefined);
    };
    void this.#lookThrough(folder, inPassing, false).then(rest, () => this.#dropFolder(folder));
  }

  /** Looks at what is in a folder, known or not; rejects when it cannot be read. */
  async #lookThrough(folder: string, cause: Cause, isThorough: boolean): Promise<void> {
    const unit = this.#options.watch.unit === 'folder' ? this.#paths.unitOf(folder) : null;
    if (unit !== null) await this.#passFolder(unit, cause, isThorough);
    let some: Promise<void>[] = [];
    for await (const entry of await opendir(join(this.#options.root, folder))) {
      if (this.#timers.isClosed) return;
      if (this.#paths.isHidden(entry.name)) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) some.push(this.#addFolder(path, cause));
      else if (entry.isFile() && unit === null && (isThorough || !this.#options.isKnown(path))) {
        some.push(this.#considerFile(path, cause));
      }
      if (some.length < watchLimits.filesAtOnce) continue;
      await Promise.all(some);
      some = [];
    }
    await Promise.all(some);
  }

  /** A folder that is told as one was come by; one that is known and old has no news. */
  async #passFolder(unit: string, cause: Cause, isThorough: boolean): Promise<void> {
    if (cause.isNews && this.#options.isKnown(`${unit}/`)) {
      if (!isThorough) return;
      const stats = await lstat(join(this.#options.root, unit));
      if (Date.now() - stats.mtimeMs > watchLimits.surelyOldMs) return;
    }
    await this.#look(unit, cause);
  }

  /** A notice says no more than that something happened to a name. Never rejects. */
  async #consider(path: string, cause: Cause): Promise<void> {
    if (cause.isRenamed && this.#folders.has(path)) {
      // It went, or another one came under its name: what is watched is not what lies there.
      for (const each of [...this.#folders]) {
        if (each === path || each.startsWith(`${path}/`)) this.#dropFolder(each);
      }
    }
    await this.#considerFile(path, cause);
    if (!cause.isRenamed || !this.#paths.mayHold(path)) return;
    const stats = await lstat(join(this.#options.root, path)).catch(() => null);
    // A folder may come with all that was moved with it.
    if (stats?.isDirectory() === true) await this.#addFolder(path, cause);
  }

  /** Never rejects. */
  async #considerFile(path: string, cause: Cause): Promise<void> {
    const { watch } = this.#options;
    if (watch.unit === 'file' && this.#paths.isSentinel(path)) {
      return this.#lookBesideSentinel(path, cause);
    }
    const unit = this.#paths.unitOf(path);
    if (unit === null) return;
    const quietMs = quietMsOf(watch.settle);
    const look = (): void => void this.#look(unit, cause);
    if (!cause.isNotice) return this.#look(unit, cause);
    // While it is written there is nothing to see; each write puts the look off.
    if (quietMs > 0) {
      this.#timers.again(`quiet ${unit}`, quietMs, look);
      // One that is always written would not be seen to grow.
      const everyMs = (watch.growing?.everySeconds ?? 0) * 1000;
      if (everyMs > 0) this.#timers.later(`grow ${unit}`, everyMs, look);
    } else if (watch.unit === 'file') return this.#look(unit, cause);
    else this.#timers.later(`quiet ${unit}`, watchLimits.unitPauseMs, look);
  }

  async #lookBesideSentinel(sentinel: string, cause: Cause): Promise<void> {
    const file = this.#paths.fileOfSentinel(sentinel);
    if (file !== null) {
      if (this.#paths.unitOf(file) === null) return;
      return this.#look(file, cause);
    }
    const folder = sentinel.slice(0, sentinel.lastIndexOf('/'));
    const entries = await opendir(join(this.#options.root, folder)).catch(() => null);
    if (entries === null) return;
    for await (const entry of entries) {
      const path = `${folder}/${entry.name}`;
      if (!entry.isFile() || this.#paths.sentinelFor(path) !== sentinel) continue;
      if (this.#paths.unitOf(path) !== null) await this.#look(path, cause);
    }
  }

  /** Looks at a unit, once at a time; never rejects. */
  async #look(unit: string, cause: Cause): Promise<void> {
    if (this.#busy.has(unit)) {
      this.#busy.set(unit, cause);
      return;
    }
    for (let next: Cause | null = cause; next !== null; next = this.#busy.get(unit) ?? null) {
      this.#busy.set(unit, null);
      await this.#lookOnce(unit, next);
    }
    this.#busy.delete(unit);
  }

  async #lookOnce(unit: string, cause: Cause): Promise<void> {
    const { root, watch, isTold, onWhole, onUnfinished, log } = this.#options;
    let state: UnitState | null = null;
    try {
      const read = watch.unit === 'folder' ? readFolderUnit : readFileUnit;
      state = await read(root, unit, this.#paths, watch);
    } catch (err) {
      const { code } = err as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') log.warn({ err, unit }, 'cannot be looked at');
    }
    if (this.#timers.isClosed) return;
    if (state === null || isTold(state.version, cause.isRenamed)) {
      this.#sightings.delete(unit);
      return;
    }
    const sighting = this.#see(unit, state, cause);
    const settled = decideSettle(watch.settle, sighting, state.evidence, performance.now());
    if (settled.kind === 'whole') {
      this.#sightings.delete(unit);
      onWhole(state.version, state.files, sighting.isNews);
      return;
    }
    if (sighting.isNews) onUnfinished(state.version);
    if (settled.kind === 'wait') {
      const look = (): void =>
        void this.#look(unit, { ...cause, isRenamed: false, isNotice: false });
      this.#timers.again(`quiet ${unit}`, settled.forMs, look);
    }
  }

  /** Notes since when a unit has been as it is. */
  #see(unit: string, { version, files, touchedMilliseconds }: UnitState, { isNews }: Cause) {
    const key = `${version.sizeBytes} ${version.modifiedMilliseconds} ${files.length}`;
    const before = this.#sightings.get(unit);
    if (before?.key === key) return before;
    this.#changed = true;
    const ageMs = Date.now() - touchedMilliseconds;
    // A clock of another machine may be behind: then what is written now looks old.
    const isComparable = !this.#way.isNetwork || ageMs > watchLimits.surelyOldMs;
    const sighting = {
      key,
      seenAtMs: performance.now(),
      ageAtSightMs: isComparable ? Math.max(0, ageMs) : 0,
      isNews: isNews || before !== undefined,
    };
    this.#sightings.set(unit, sighting);
    return sighting;
  }
}
