import type { MovedFile, MoveProgress, MoveSummary, MoveWatch } from './mover.ts';
import { moverLimits } from './mover-limits.ts';

/** Keeps the count of a transfer under way and tells the watcher, throttled. */
export class MoveLedger {
  readonly #transferId: string;
  readonly #watch: MoveWatch;
  readonly #startedMilliseconds = performance.now();
  readonly #files: MovedFile[] = [];
  #folderCount = 0;
  #movedBytes = 0;
  /** Content of unfinished files that is already at the destination. */
  #openBytes = 0;
  #settledBytes = 0;
  #total: { files: number; sizeBytes: number } | null = null;
  #toldMilliseconds = 0;

  constructor(transferId: string, watch: MoveWatch) {
    this.#transferId = transferId;
    this.#watch = watch;
  }

  /** Some content arrived, over the wire or (`resumed`) from a former attempt. */
  arrived(bytes: number, resumed = false): void {
    if (!resumed) this.#movedBytes += bytes;
    this.#openBytes += bytes;
    this.#tell(false);
  }

  /** A file has its fate; `arrivedBytes` of it were counted before. */
  settle(file: MovedFile, arrivedBytes = 0): void {
    this.#files.push(file);
    this.#openBytes -= arrivedBytes;
    this.#settledBytes += file.sizeBytes;
    this.#tell(false);
  }

  /** A folder is there. */
  folder(): void {
    this.#folderCount += 1;
  }

  /** The source has been listed to the end. */
  listed(files: number, sizeBytes: number): void {
    this.#total = { files, sizeBytes };
  }

  /** Files settled so far. */
  get settledCount(): number {
    return this.#files.length;
  }

  /** The end: tells the watcher a last time. */
  summary(): MoveSummary {
    this.#tell(true);
    const files = this.#files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    const whole = files.filter(({ status }) => status === 'copied' || status === 'unchanged');
    return {
      transferId: this.#transferId,
      files,
      folderCount: this.#folderCount,
      sizeBytes: whole.reduce((sum, file) => sum + file.sizeBytes, 0),
      movedBytes: this.#movedBytes,
      durationSeconds: this.#elapsedSeconds(),
    };
  }

  #elapsedSeconds(): number {
    return (performance.now() - this.#startedMilliseconds) / 1000;
  }

  #tell(last: boolean): void {
    if (this.#watch.onProgress === undefined) return;
    const now = performance.now();
    if (!last && now - this.#toldMilliseconds < moverLimits.progressSeconds * 1000) return;
    this.#toldMilliseconds = now;
    const progress: MoveProgress = {
      bytesDone: this.#settledBytes + this.#openBytes,
      bytesTotal: this.#total?.sizeBytes ?? null,
      filesDone: this.#files.length,
      filesTotal: this.#total?.files ?? null,
      bytesPerSecond: this.#movedBytes / Math.max(this.#elapsedSeconds(), 1e-6),
    };
    this.#watch.onProgress(progress);
  }
}
