import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestOf, digestText } from './file-digest.ts';
import { fileFault } from './file-fault.ts';
import type { FolderSync } from './folder-sync.ts';
import { moverLimits } from './mover-limits.ts';

/** Where the content of `finalPath` gathers until it is whole: hidden, in the same folder. */
export function partPath(finalPath: string, transferId: string): string {
  const name = basename(finalPath);
  const part = `.${name}.${transferId}.part`;
  // A name may be 255 bytes long; a longer part name gives way to the digest of the name.
  const short = `.${digestText(digestOf(Buffer.from(name)))}.${transferId}.part`;
  return join(dirname(finalPath), Buffer.byteLength(part) <= 255 ? part : short);
}

const partName = /^\..+\.(?<transferId>[A-Za-z0-9_\-]+)\.part$/v;

/** The transfer to which a file of this name is a part, or null for any other file. */
export function partTransfer(name: string): string | null {
  return partName.exec(name)?.groups?.['transferId'] ?? null;
}

/** How a finished file shall be left. */
export interface PartFinish {
  sizeBytes: number;
  modifiedMilliseconds: number;
  /** Null when the file need not survive a power cut. */
  folderSync: FolderSync | null;
}

/**
 * A file on its way. There is no journal beside it: after a crash its chunks are hashed again and
 * compared with the source's, which also finds what a power cut left unwritten.
 */
export class PartFile {
  readonly finalPath: string;
  readonly #path: string;
  readonly #label: string;
  readonly #handle: FileHandle;
  #lengthBytes: number;

  private constructor(finalPath: string, path: string, label: string, handle: FileHandle) {
    this.finalPath = finalPath;
    this.#path = path;
    this.#label = label;
    this.#handle = handle;
    this.#lengthBytes = 0;
  }

  /** Opens the part of `finalPath`, keeping what a former attempt left only if `keep`. */
  static async open(
    finalPath: string,
    transferId: string,
    label: string,
    options: { keep: boolean; mode: number },
  ): Promise<PartFile> {
    const path = partPath(finalPath, transferId);
    const fresh = options.keep ? 0 : constants.O_TRUNC;
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | fresh;
    try {
      const handle = await open(path, flags, options.mode | 0o600);
      const part = new PartFile(finalPath, path, label, handle);
      if (options.keep) part.#lengthBytes = (await handle.stat()).size;
      return part;
    } catch (error) {
      throw fileFault(error, 'writing', label);
    }
  }

  /** The digests of the chunks that a file of `sizeBytes` could take from this part. */
  async chunkDigests(sizeBytes: number): Promise<bigint[]> {
    const digests: bigint[] = [];
    const buffer = Buffer.allocUnsafeSlow(moverLimits.chunkBytes);
    for (let position = 0; position < sizeBytes; position += buffer.length) {
      const length = Math.min(buffer.length, sizeBytes - position);
      const { bytesRead } = await this.#handle.read(buffer, 0, length, position);
      if (bytesRead < length) break;
      digests.push(digestOf(buffer.subarray(0, length)));
    }
    return digests;
  }

  /** Writes all of `bytes` at `position`. */
  async write(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const left = bytes.length - done;
        done += (await this.#handle.write(bytes, done, left, position + done)).bytesWritten;
      }
      this.#lengthBytes = Math.max(this.#lengthBytes, position + bytes.length);
    } catch (error) {
      throw fileFault(error, 'writing', this.#label);
    }
  }

  /** Gives the whole content its name: sync, modification time, rename, sync of the folder. */
  async finish(finish: PartFinish): Promise<void> {
    try {
      try {
        if (this.#lengthBytes !== finish.sizeBytes) await this.#handle.truncate(finish.sizeBytes);
        const seconds = finish.modifiedMilliseconds / 1000;
        await this.#handle.utimes(seconds, seconds);
        if (finish.folderSync !== null) await this.#handle.sync();
      } finally {
        await this.#handle.close();
      }
      await rename(this.#path, this.finalPath);
      await finish.folderSync?.sync(dirname(this.finalPath));
    } catch (error) {
      await unlink(this.#path).catch(() => undefined);
      throw fileFault(error, 'finishing', this.#label);
    }
  }

  /** Closes it and leaves it for the next attempt. */
  async leave(): Promise<void> {
    await this.#handle.close();
  }

  /** Closes and removes it. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await unlink(this.#path).catch(() => undefined);
  }
}
