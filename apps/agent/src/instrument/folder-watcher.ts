import { watch, type FSWatcher } from 'node:fs';
import { lstat, mkdir, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { matchPath } from '@interpulse/domain/trigger/match-path.ts';
import type { AgentLog } from '../agent-log.ts';
import type { InstrumentConfig } from '../config/agent-config.ts';
import type { FileVersion } from './told-journal.ts';

/** Where to look, and whom to tell. */
export interface WatcherOptions {
  /** Absolute path of the collection's root. */
  root: string;
  /** Whether a folder that is missing may be made. */
  mayMakeFolder: boolean;
  watch: InstrumentConfig['watch'];
  /** Folders of the collection that are left out, with a leading `/`. */
  leaveOut: readonly string[];
  /** Whether a file need not be looked at again in a look through the folder. */
  isKnown: (path: string) => boolean;
  /** A file is whole; `isNews` when it was seen to become so. May be called twice for one. */
  onFile: (file: FileVersion, isNews: boolean) => void;
  log: AgentLog;
}

const watcherLimits = {
  /** After something happened the folder is looked through once: notices can be lost in a flood. */
  lookAgainMs: 2_000,
  /** A look through the folder takes at most one part in so many of the time. */
  lookShare: 20,
  /** A folder that cannot be watched is tried again after this long. */
  tryAgainMs: 5_000,
  /** Files looked at together. */
  filesAtOnce: 64,
};

/** How programs call files that they have not finished. */
const unfinished = /\.(?:part|partial|tmp)$/;

/**
 * Watches a folder of a collection for files that become whole. Hidden names, and the usual names
 * of unfinished files, are left out.
 */
export class FolderWatcher {
  readonly #options: WatcherOptions;
  readonly #isDeep: boolean;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #quiet = new Map<string, NodeJS.Timeout>();
  /** Files being looked at; true when something happened to them meanwhile. */
  readonly #busy = new Map<string, boolean>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#isDeep = options.watch.pattern.includes('/') || options.watch.pattern.includes('**');
  }

  /** Begins to watch, and tells what lies there already. */
  async start(): Promise<void> {
    const { watch: wanted, root, mayMakeFolder, log } = this.#options;
    const top = wanted.folder.replace(/\/+$/, '');
    try {
      if (mayMakeFolder) await mkdir(join(root, top), { recursive: true });
      await this.#addFolder(top, false);
    } catch (error) {
      log.warn({ err: error, folder: join(root, top) }, 'the folder cannot be watched yet');
      this.#later(top, watcherLimits.tryAgainMs, () => void this.start());
      return;
    }
    if (wanted.rescanSeconds !== null) this.#rescanForEver(top, wanted.rescanSeconds * 1000);
  }

  /** Stops watching. */
  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    for (const timer of [...this.#quiet.values(), ...this.#timers.values()]) clearTimeout(timer);
    this.#quiet.clear();
    this.#timers.clear();
  }

  #later(key: string, delayMs: number, action: () => void): void {
    if (this.#isClosed || this.#timers.has(key)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      action();
    }, delayMs);
    this.#timers.set(key, timer.unref());
  }

  #rescanForEver(top: string, everyMs: number): void {
    this.#later('rescan', everyMs, () => {
      void Promise.all([...this.#watchers.keys()].map((path) => this.#lookThrough(path, true)))
        .catch(() => undefined)
        .finally(() => this.#rescanForEver(top, everyMs));
    });
  }

  /** `path` is within the collection: empty for its root, else with a leading `/`. */
  async #addFolder(path: string, isNews: boolean): Promise<void> {
    if (this.#isClosed || this.#watchers.has(path) || this.#isLeftOut(path)) return;
    // Watched before it is looked through, so that nothing falls between.
    const watcher = watch(join(this.#options.root, path));
    this.#watchers.set(path, watcher);
    watcher.on('change', (kind, name) => this.#onEvent(path, kind, String(name ?? '')));
    watcher.on('error', () => this.#dropFolder(path));
    await this.#lookThrough(path, isNews);
  }

  #dropFolder(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
    const top = this.#options.watch.folder.replace(/\/+$/, '');
    if (path === top) this.#later(top, watcherLimits.tryAgainMs, () => void this.start());
  }

  #onEvent(folder: string, kind: string, name: string): void {
    if (this.#isClosed) return;
    if (name !== '' && !name.startsWith('.')) {
      const path = `${folder}/${name}`;
      const isRename = this.#options.watch.settle === 'rename';
      // A file that appears by a rename is whole at once; what is written later is another story.
      if (kind === 'rename' || !isRename) void this.#consider(path, true);
    }
    const key = `look ${folder}`;
    this.#later(key, watcherLimits.lookAgainMs, () => this.#lookAgain(folder));
  }

  #lookAgain(folder: string): void {
    const startedMs = performance.now();
    const rest = (): void => {
      // Keeps the next look away for a while, in proportion to what this one cost.
      const pauseMs = (performance.now() - startedMs) * watcherLimits.lookShare;
      if (pauseMs > watcherLimits.lookAgainMs) {
        this.#later(`look ${folder}`, pauseMs, () => undefined);
      }
    };
    void this.#lookThrough(folder, true).then(rest, () => this.#dropFolder(folder));
  }

  /** Looks at everything in a folder that is not known; rejects when it cannot be read. */
  async #lookThrough(folder: string, isNews: boolean): Promise<void> {
    let some: Promise<void>[] = [];
    for await (const entry of await opendir(join(this.#options.root, folder))) {
      if (this.#isClosed) return;
      if (entry.name.startsWith('.')) continue;
      const path = `${folder}/${entry.name}`;
      if (entry.isFile() && isNews && this.#options.isKnown(path)) continue;
      if (entry.isFile() || entry.isDirectory()) some.push(this.#consider(path, isNews));
      if (some.length < watcherLimits.filesAtOnce) continue;
      await Promise.all(some);
      some = [];
    }
    await Promise.all(some);
  }

  /** Something may have happened to this path. Never rejects. */
  async #consider(path: string, isNews: boolean): Promise<void> {
    const { settle } = this.#options.watch;
    if (typeof settle === 'object' && 'sentinel' in settle) {
      const { sentinel } = settle;
      if (path.endsWith(sentinel)) await this.#look(path.slice(0, -sentinel.length), isNews);
      else if (this.#isDeep) await this.#look(path, isNews, true);
      return;
    }
    const isOld = settle === 'rename' || !isNews;
    if (isOld || !this.#isWanted(path)) return this.#look(path, isNews);
    const quietMs = settle.quietSeconds * 1000;
    clearTimeout(this.#quiet.get(path));
    this.#quiet.set(
      path,
      setTimeout(() => void this.#lookWhenQuiet(path, quietMs), quietMs),
    );
  }

  async #lookWhenQuiet(path: string, quietMs: number): Promise<void> {
    this.#quiet.delete(path);
    const stats = await lstat(join(this.#options.root, path)).catch(() => null);
    if (stats === null || this.#isClosed) return;
    const restMs = stats.mtimeMs + quietMs - Date.now();
    // A clock of another machine may run ahead; then the silence that was heard has to do.
    if (restMs > 1 && restMs <= quietMs) {
      this.#quiet.set(
        path,
        setTimeout(() => void this.#lookWhenQuiet(path, quietMs), restMs),
      );
    } else {
      await this.#look(path, true);
    }
  }

  async #look(path: string, isNews: boolean, foldersOnly = false): Promise<void> {
    if (this.#busy.has(path)) {
      this.#busy.set(path, true);
      return;
    }
    do {
      this.#busy.set(path, false);
      await this.#lookOnce(path, isNews, foldersOnly);
    } while (this.#busy.get(path) === true);
    this.#busy.delete(path);
  }

  async #lookOnce(path: string, isNews: boolean, foldersOnly: boolean): Promise<void> {
    const stats = await lstat(join(this.#options.root, path)).catch(() => null);
    if (stats === null || this.#isClosed) return;
    if (stats.isDirectory()) {
      if (this.#isDeep) await this.#addFolder(path, isNews).catch(() => this.#dropFolder(path));
    } else if (stats.isFile() && !foldersOnly && this.#isWanted(path)) {
      const { size: sizeBytes, mtimeMs: modifiedMilliseconds } = stats;
      this.#options.onFile({ path, sizeBytes, modifiedMilliseconds }, isNews);
    }
  }

  #isWanted(path: string): boolean {
    const { folder, pattern } = this.#options.watch;
    const top = folder.replace(/\/+$/, '');
    if (unfinished.test(path) || !path.startsWith(`${top}/`) || this.#isLeftOut(path)) return false;
    return matchPath(pattern.replace(/^\//, ''), path.slice(top.length + 1));
  }

  #isLeftOut(path: string): boolean {
    return this.#options.leaveOut.some((each) => path === each || path.startsWith(`${each}/`));
  }
}
