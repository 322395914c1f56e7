import { DomainError } from '@interpulse/domain/error.ts';
import { PartFile } from '../part-file.ts';
import type { PartFinish } from '../part-file.ts';
import { moverLimits } from '../mover-limits.ts';
import { chunkBytesAt, chunkCount } from './transfer-frames.ts';
import type { FileOffer } from './transfer-frames.ts';

/** A file on its way in: which chunks are on disk, and when that is all of them. */
export class IncomingFile {
  readonly file: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMilliseconds: number;
  /** Content received, also what was found from a former attempt once the sender ended. */
  arrivedBytes = 0;
  /** What the sender said at its end. */
  end: { sentCount: number; digest: bigint } | null = null;
  error: DomainError | null = null;
  /** Set by whoever settles it, once. */
  isSettling = false;
  readonly #mode: number;
  readonly #transferId: string;
  readonly #finalPath: string;
  readonly #written: Uint8Array;
  #writtenCount = 0;
  #pendingCount = 0;
  #repairCount = 0;
  #part: Promise<PartFile> | null = null;

  constructor(offer: FileOffer, transferId: string, finalPath: string) {
    [this.file, , this.path, this.sizeBytes, this.modifiedMilliseconds, this.#mode] = offer;
    this.#transferId = transferId;
    this.#finalPath = finalPath;
    this.#written = new Uint8Array(Math.ceil(chunkCount(this.sizeBytes) / 8));
  }

  /** Opens what a former attempt left and hashes it. */
  async resume(): Promise<bigint[]> {
    return (await this.#open(true)).chunkDigests(this.sizeBytes);
  }

  /** Whether a chunk of that number and length belongs to the file. */
  fits(chunk: number, length: number): boolean {
    return chunk < chunkCount(this.sizeBytes) && chunkBytesAt(this.sizeBytes, chunk) === length;
  }

  /** True while a damaged chunk may still be asked for again. */
  mayRepair(): boolean {
    this.#repairCount += 1;
    return this.#repairCount <= moverLimits.repairsPerFile;
  }

  /** Writes a verified chunk; a failure stays in `error`. Never rejects. */
  async write(chunk: number, bytes: Uint8Array): Promise<void> {
    this.#pendingCount += 1;
    try {
      const part = await this.#open(false);
      await part.write(bytes, chunk * moverLimits.chunkBytes);
      const [byte, bit] = [chunk >> 3, 1 << (chunk & 7)];
      if (((this.#written[byte] ?? 0) & bit) === 0) this.#writtenCount += 1;
      this.#written[byte] = (this.#written[byte] ?? 0) | bit;
    } catch (error) {
      this.error ??= error as DomainError;
    } finally {
      this.#pendingCount -= 1;
    }
  }

  /** Nothing is being written, and it is whole or has failed. */
  get isReady(): boolean {
    if (this.#pendingCount > 0) return false;
    return this.error !== null || this.end?.sentCount === this.#writtenCount;
  }

  /** Gives the file its name. */
  async finish(finish: Pick<PartFinish, 'folderSync'>): Promise<void> {
    const { sizeBytes, modifiedMilliseconds } = this;
    await (await this.#open(false)).finish({ sizeBytes, modifiedMilliseconds, ...finish });
  }

  /** Removes what is there of it. */
  async discard(): Promise<void> {
    await (await this.#part?.catch(() => null))?.discard();
  }

  /** Keeps what is there of it for the next attempt. */
  async leave(): Promise<void> {
    await (await this.#part?.catch(() => null))?.leave();
  }

  #open(keep: boolean): Promise<PartFile> {
    const options = { keep, mode: this.#mode };
    this.#part ??= PartFile.open(this.#finalPath, this.#transferId, this.path, options);
    return this.#part;
  }
}
