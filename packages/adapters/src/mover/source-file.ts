import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { DomainError } from '@interpulse/domain/error.ts';
import { fileFault } from './file-fault.ts';
import type { SourceEntry } from './list-source.ts';

/** A source file being read, which must stay as it was when it was listed. */
export class SourceFile {
  readonly entry: SourceEntry;
  readonly #handle: FileHandle;

  private constructor(entry: SourceEntry, handle: FileHandle) {
    this.entry = entry;
    this.#handle = handle;
  }

  /** Opens the file without following a link that took its place. */
  static async open(entry: SourceEntry): Promise<SourceFile> {
    try {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      return new SourceFile(entry, await open(entry.absolutePath, flags));
    } catch (error) {
      throw fileFault(error, 'reading', entry.sourcePath);
    }
  }

  /** Fills `buffer` from `position`; a file that ends too early has changed (`conflict`). */
  async read(buffer: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < buffer.length) {
      const { bytesRead } = await this.#handle
        .read(buffer, done, buffer.length - done, position + done)
        .catch((error: unknown) => {
          throw fileFault(error, 'reading', this.entry.sourcePath);
        });
      if (bytesRead === 0) throw this.#changed();
      done += bytesRead;
    }
  }

  /** Throws `conflict` when the file is not what was listed any more. */
  async assertUnchanged(): Promise<void> {
    const stats = await this.#handle.stat();
    const { entry } = this;
    if (
      stats.size !== entry.sizeBytes ||
      stats.mtimeMs !== entry.modifiedMilliseconds ||
      stats.ctimeMs !== entry.changedMilliseconds
    ) {
      throw this.#changed();
    }
  }

  /** Gives the file back. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  #changed(): DomainError {
    return new DomainError(
      'conflict',
      `reading ${this.entry.sourcePath}: the file changed while it was being moved; ` +
        'try again when it is finished',
    );
  }
}
