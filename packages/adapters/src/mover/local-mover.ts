import { constants } from 'node:fs';
import { copyFile, lstat, realpath, unlink } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { DomainError } from '@interpulse/domain/error.ts';
import { BufferPool } from './buffer-pool.ts';
import { CollectionRoot } from './collection-root.ts';
import { digestText, FileDigest } from './file-digest.ts';
import { fileFault } from './file-fault.ts';
import { FolderSync } from './folder-sync.ts';
import { failedFile, listSource } from './list-source.ts';
import type { SourceEntry } from './list-source.ts';
import { MoveLedger } from './move-ledger.ts';
import type { MovedFile, MoveItem, MovePlan, Mover, MoveSummary, MoveWatch } from './mover.ts';
import { moverLimits } from './mover-limits.ts';
import { PartFile, partPath } from './part-file.ts';
import { Slots } from './slots.ts';
import { SourceFile } from './source-file.ts';
import { unchangedDigest } from './unchanged-digest.ts';

/** Both collections on this host: a clone where the file system can, else a hashed copy. */
export const localMover: Mover = {
  driver: 'local',
  async move(sourceRoot, destinationRoot, plan, watch) {
    const roots = await Promise.all(
      [sourceRoot, destinationRoot].map((r) => CollectionRoot.open(r)),
    );
    const [source, destination] = roots as [CollectionRoot, CollectionRoot];
    return new LocalMove(source, destination, plan, watch).run();
  },
};

class LocalMove {
  readonly #source: CollectionRoot;
  readonly #destination: CollectionRoot;
  readonly #plan: MovePlan;
  readonly #watch: MoveWatch;
  readonly #ledger: MoveLedger;
  readonly #folderSync: FolderSync | null;
  readonly #buffers = new BufferPool(2 * moverLimits.chunksInFlight);
  #canClone = true;

  constructor(
    source: CollectionRoot,
    destination: CollectionRoot,
    plan: MovePlan,
    watch: MoveWatch,
  ) {
    this.#source = source;
    this.#destination = destination;
    this.#plan = plan;
    this.#watch = watch;
    this.#ledger = new MoveLedger(plan.transferId, watch);
    this.#folderSync = plan.durable ? new FolderSync() : null;
  }

  async run(): Promise<MoveSummary> {
    const slots = new Slots(moverLimits.filesAtOnce);
    const total = { files: 0, sizeBytes: 0 };
    const items = await this.#withoutLoops();
    for await (const listed of listSource(this.#source, items)) {
      if (this.#watch.signal?.aborted === true) break;
      total.files += 'entry' in listed && listed.entry.kind === 'folder' ? 0 : 1;
      if ('settled' in listed) {
        this.#ledger.settle(listed.settled);
        continue;
      }
      const { entry } = listed;
      total.sizeBytes += entry.sizeBytes;
      const large = entry.sizeBytes > moverLimits.chunkBytes;
      const weight = large ? moverLimits.filesAtOnce / moverLimits.largeFilesAtOnce : 1;
      await slots.take(weight);
      void this.#moveEntry(entry).finally(() => slots.give(weight));
    }
    this.#ledger.listed(total.files, total.sizeBytes);
    await slots.take(moverLimits.filesAtOnce);
    this.#assertGoing();
    return this.#ledger.summary();
  }

  /** The items but for folders that would be moved into themselves and grow for ever. */
  async #withoutLoops(): Promise<MoveItem[]> {
    const items: MoveItem[] = [];
    for (const item of this.#plan.items) {
      const { sourcePath, destinationPath } = item;
      const source = await this.#source.locateSource(sourcePath).catch(() => null);
      const real = source === null ? null : await realpath(source).catch(() => null);
      const target = resolve(this.#destination.real, destinationPath);
      if (real === null || !item.recursive || !isBelow(target, real)) {
        items.push(item);
        continue;
      }
      const fault = new DomainError(
        'invalid',
        `moving ${sourcePath}: ${destinationPath} is inside it; choose a place outside`,
      );
      this.#ledger.settle(failedFile(destinationPath, 0, fault));
    }
    return items;
  }

  #assertGoing(): void {
    if (this.#watch.signal?.aborted !== true) return;
    throw new DomainError(
      'conflict',
      `moving ${this.#plan.transferId}: the transfer was canceled`,
      {
        cause: this.#watch.signal.reason,
      },
    );
  }

  /** Never rejects: what goes wrong is the fate of the file. */
  async #moveEntry(entry: SourceEntry): Promise<void> {
    const path = entry.destinationPath;
    const arrived = { bytes: 0 };
    try {
      this.#assertGoing();
      if (entry.kind === 'folder') {
        await this.#destination.makeFolder(path);
        this.#ledger.folder();
        return;
      }
      const finalPath = await this.#destination.locateDestination(path);
      await assertOther(entry, finalPath);
      const file = await SourceFile.open(entry);
      try {
        this.#ledger.settle(await this.#moveFile(file, finalPath, arrived), arrived.bytes);
      } finally {
        await file.close();
      }
    } catch (error) {
      const fault = fileFault(error, 'moving', path);
      this.#ledger.settle(failedFile(path, entry.sizeBytes, fault), arrived.bytes);
    }
  }

  async #moveFile(
    file: SourceFile,
    finalPath: string,
    arrived: { bytes: number },
  ): Promise<MovedFile> {
    const { entry } = file;
    const { destinationPath: path, sizeBytes } = entry;
    if (this.#plan.skipUnchanged) {
      const same = await unchangedDigest(finalPath, entry);
      if (same !== null && (await this.#read(file, null, arrived)) === same) {
        return { path, sizeBytes, xxh3: digestText(same), status: 'unchanged' };
      }
    }
    const cloned = await this.#clone(entry, finalPath);
    const options = { keep: cloned, mode: entry.mode };
    const part = await PartFile.open(finalPath, this.#plan.transferId, path, options);
    try {
      const digest = await this.#read(file, cloned ? null : part, arrived);
      await file.assertUnchanged();
      const { modifiedMilliseconds } = entry;
      await part.finish({ sizeBytes, modifiedMilliseconds, folderSync: this.#folderSync });
      return { path, sizeBytes, xxh3: digestText(digest), status: 'copied' };
    } catch (error) {
      await part.discard().catch(() => undefined);
      throw error;
    }
  }

  /** True when the part now shares its blocks with the source; not every file system can. */
  async #clone(entry: SourceEntry, finalPath: string): Promise<boolean> {
    if (!this.#canClone || entry.sizeBytes <= moverLimits.chunkBytes) return false;
    const path = partPath(finalPath, this.#plan.transferId);
    try {
      await unlink(path).catch(() => undefined);
      await copyFile(entry.absolutePath, path, constants.COPYFILE_FICLONE_FORCE);
      return true;
    } catch {
      this.#canClone = false;
      await unlink(path).catch(() => undefined);
      return false;
    }
  }

  /** Hashes the file and writes it to `part`, reading the next chunk while others are written. */
  async #read(
    file: SourceFile,
    part: PartFile | null,
    arrived: { bytes: number },
  ): Promise<bigint> {
    const digest = new FileDigest();
    const { sizeBytes } = file.entry;
    const writes: Promise<void>[] = [];
    const trouble: { error: unknown } = { error: null };
    for (let position = 0; position < sizeBytes; position += moverLimits.chunkBytes) {
      const length = Math.min(moverLimits.chunkBytes, sizeBytes - position);
      const small = length <= moverLimits.smallPayloadBytes;
      const buffer = small ? Buffer.allocUnsafe(length) : await this.#buffers.take();
      const bytes = buffer.subarray(0, length);
      const give = (): void => {
        if (!small) this.#buffers.give(buffer);
      };
      try {
        this.#assertGoing();
        if (trouble.error !== null) throw trouble.error;
        await file.read(bytes, position);
        digest.update(bytes);
      } catch (error) {
        give();
        trouble.error = error;
        break;
      }
      const written = part?.write(bytes, position) ?? Promise.resolve();
      writes.push(written.catch((error: unknown) => void (trouble.error = error)).finally(give));
      arrived.bytes += length;
      this.#ledger.arrived(length, part === null);
    }
    await Promise.all(writes);
    if (trouble.error !== null) throw trouble.error;
    return digest.value();
  }
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function assertOther(entry: SourceEntry, finalPath: string): Promise<void> {
  const present = await lstat(finalPath).catch(() => null);
  if (present?.isDirectory() === true) {
    const path = entry.destinationPath;
    throw new DomainError('conflict', `writing ${path}: a folder of that name is in the way`);
  }
  if (present === null) return;
  const [a, b] = await Promise.all([realpath(entry.absolutePath), realpath(finalPath)]).catch(
    () => ['', null] as const,
  );
  if (a === b) {
    throw new DomainError(
      'invalid',
      `moving ${entry.sourcePath}: source and destination are the same file`,
    );
  }
}
