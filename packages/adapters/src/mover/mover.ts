import type { ErrorKind } from '@interpulse/domain/error.ts';

/** One file or folder to move; paths are relative to the roots of the two collections. */
export interface MoveItem {
  sourcePath: string;
  /** The name at the destination; a path ending in `/` keeps the source's own name inside it. */
  destinationPath: string;
  /** Needed for a folder: its whole content goes below `destinationPath`. */
  recursive: boolean;
}

/** What is to be moved and how: the same value at both ends of a transfer. */
export interface MovePlan {
  transferId: string;
  items: readonly MoveItem[];
  /** Leave files alone whose size, modification time and digest are the same at both ends. */
  skipUnchanged: boolean;
  /** Report a file as copied only when it and its name would survive a power cut. */
  durable: boolean;
}

/** How far a transfer is; handed out at most four times a second and once at the end. */
export interface MoveProgress {
  bytesDone: number;
  /** Null until the source has been listed to the end. */
  bytesTotal: number | null;
  filesDone: number;
  /** Null until the source has been listed to the end. */
  filesTotal: number | null;
  /** Mean since the start. */
  bytesPerSecond: number;
}

/** What the caller of a move wants to hear, and how it says stop. */
export interface MoveWatch {
  signal?: AbortSignal;
  onProgress?: (progress: MoveProgress) => void;
}

/** What became of one file, or of a folder or link that could not be moved. */
export interface MovedFile {
  /** At the destination; for what never got a name there, at the source. */
  path: string;
  sizeBytes: number;
  /** xxh3 (64 bits, 16 hex digits) of the content; empty when the content was not read. */
  xxh3: string;
  status: 'copied' | 'unchanged' | 'skipped' | 'failed';
  reason?: string;
  /** For `failed`: which kind of fault, so that the caller can tell what is worth another try. */
  errorKind?: ErrorKind;
}

/** The end of a transfer: every file with its fate. Files that failed do not fail the others. */
export interface MoveSummary {
  transferId: string;
  /** In the order of their paths. */
  files: MovedFile[];
  folderCount: number;
  /** Content of the files copied or found unchanged. */
  sizeBytes: number;
  /** Content that actually travelled; less than `sizeBytes` after a resume. */
  movedBytes: number;
  durationSeconds: number;
}

/**
 * Moves files between two collections that one process can reach. A file appears under its name
 * only when it is whole. Links are never followed: they are listed as skipped.
 */
export interface Mover {
  /** Short name for logs and for the site's description. */
  readonly driver: string;
  /**
   * Rejects with a `DomainError` when the transfer as a whole cannot go on (`unavailable`) or was
   * canceled (`conflict`); trouble with one file is in the summary instead.
   */
  move(
    sourceRoot: string,
    destinationRoot: string,
    plan: MovePlan,
    watch: MoveWatch,
  ): Promise<MoveSummary>;
}
