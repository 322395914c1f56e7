import type { FileVersion } from './told-journal.ts';

/** Files that grow at the same time; of those beyond, the oldest is told from the start again. */
const mostKept = 10_000;

interface Growth {
  toldBytes: number;
  /** Nothing is told before its end. */
  pause: NodeJS.Timeout | null;
  /** The newest version that was not told. */
  next: FileVersion | null;
}

/**
 * Tells of files that grow before they are whole: each at once when it has content, then with a
 * pause, and only its newest size. What is not told is lost without harm: the next size follows,
 * and the whole file in the end.
 */
export class GrowthTeller {
  readonly #everyMs: number;
  readonly #tell: (version: FileVersion) => Promise<void>;
  readonly #growths = new Map<string, Growth>();
  #isClosed = false;

  /** `tell` is not called for a file again before it has ended and the pause is over. */
  constructor(everySeconds: number, tell: (version: FileVersion) => Promise<void>) {
    this.#everyMs = everySeconds * 1000;
    this.#tell = tell;
  }

  /** A file was looked at that is not whole. */
  saw(version: FileVersion): void {
    if (this.#isClosed) return;
    const { path, sizeBytes } = version;
    const known = this.#growths.get(path);
    // One that became smaller is written anew.
    const isAnew = known !== undefined && sizeBytes < known.toldBytes;
    if (sizeBytes === 0 || (known !== undefined && !isAnew && sizeBytes === known.toldBytes))
      return;
    if (known?.pause) known.next = version;
    else this.#now(version);
  }

  /** Whether a file grows, as far as was seen. */
  has(path: string): boolean {
    return this.#growths.has(path);
  }

  /** A file is whole: that is told in another way. */
  forget(path: string): void {
    clearTimeout(this.#growths.get(path)?.pause ?? undefined);
    this.#growths.delete(path);
  }

  /** Tells nothing any more. */
  close(): void {
    this.#isClosed = true;
    for (const path of [...this.#growths.keys()]) this.forget(path);
  }

  #now(version: FileVersion): void {
    const growth: Growth = { toldBytes: version.sizeBytes, pause: null, next: null };
    this.forget(version.path);
    const [oldest] = this.#growths.keys();
    if (this.#growths.size >= mostKept && oldest !== undefined) this.forget(oldest);
    this.#growths.set(version.path, growth);
    const told = this.#tell(version);
    growth.pause = setTimeout(() => void told.finally(() => this.#goOn(growth)), this.#everyMs);
    growth.pause.unref();
  }

  #goOn(growth: Growth): void {
    growth.pause = null;
    const { next } = growth;
    if (next !== null && this.#growths.get(next.path) === growth) this.#now(next);
  }
}
