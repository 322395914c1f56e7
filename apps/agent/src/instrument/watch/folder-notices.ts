import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Whom to tell. */
export interface NoticeListeners {
  /** Something happened to a name in a folder; `rename` when it came, went or was replaced. */
  onChange(folder: string, kind: string, name: string): void;
  /** A folder is not watched any more. */
  onLost(folder: string): void;
  /** The system watches no more folders; said once. */
  onLimit(error: unknown): void;
}

/** The system has no watch left for a folder: for this user, or for this process. */
const limitCodes = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/** What the system tells of changes in folders, one watch for each (inotify on Linux). */
export class FolderNotices {
  readonly #root: string;
  readonly #listeners: NoticeListeners;
  readonly #watchers = new Map<string, FSWatcher>();
  #isLimited = false;

  constructor(root: string, listeners: NoticeListeners) {
    this.#root = root;
    this.#listeners = listeners;
  }

  /**
   * Begins to watch a folder, if the system has a watch left for it.
   *
   * @throws the system's error when it cannot be watched for another reason.
   */
  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(join(this.#root, folder));
      this.#watchers.set(folder, watcher);
      watcher.on('change', (kind, name) =>
        this.#listeners.onChange(folder, kind, String(name ?? '')),
      );
      watcher.on('error', () => this.#listeners.onLost(folder));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!limitCodes.has(code)) throw error;
      if (!this.#isLimited) this.#listeners.onLimit(error);
      this.#isLimited = true;
    }
  }

  /** Stops watching a folder. */
  drop(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  /** Stops watching all. */
  close(): void {
    for (const folder of this.#watchers.keys()) this.drop(folder);
  }
}
