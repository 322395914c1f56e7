import { DomainError } from '@interpulse/domain/error.ts';
import { BufferPool } from '../buffer-pool.ts';
import { CollectionRoot } from '../collection-root.ts';
import { digestOf, FileDigest } from '../file-digest.ts';
import { fileFault } from '../file-fault.ts';
import { listSource } from '../list-source.ts';
import type { SourceEntry } from '../list-source.ts';
import { MoveLedger } from '../move-ledger.ts';
import type { MovedFile, MovePlan, MoveSummary, MoveWatch } from '../mover.ts';
import { moverLimits } from '../mover-limits.ts';
import { Slots } from '../slots.ts';
import { SourceFile } from '../source-file.ts';
import { readJson } from './channel-link.ts';
import type { ChannelLink } from './channel-link.ts';
import { chunkBytesAt, chunkCount, unchangedMark } from './transfer-frames.ts';
import type { FileOffer, FileResult, FileVerdict } from './transfer-frames.ts';
import type { Frame } from './frame.ts';

/** A file offered and not settled yet. */
interface Outgoing {
  file: number;
  entry: SourceEntry;
  /** Digests of what the receiver already has, by chunk. */
  have: bigint[];
  arrivedBytes: number;
}

/** The sending end of a transfer; resolves with what the receiver says of every file. */
export async function sendFiles(
  link: ChannelLink,
  root: string,
  plan: MovePlan,
  watch: MoveWatch,
): Promise<MoveSummary> {
  const source = await CollectionRoot.open(root);
  return new FileSender(link, source, plan, watch).run();
}

class FileSender {
  readonly #link: ChannelLink;
  readonly #source: CollectionRoot;
  readonly #plan: MovePlan;
  readonly #ledger: MoveLedger;
  readonly #open = new Map<number, Outgoing>();
  readonly #slots = new Slots(moverLimits.filesAtOnce);
  readonly #buffers = new BufferPool();
  #isListed = false;
  #wake: () => void = () => undefined;

  constructor(link: ChannelLink, source: CollectionRoot, plan: MovePlan, watch: MoveWatch) {
    this.#link = link;
    this.#source = source;
    this.#plan = plan;
    this.#ledger = new MoveLedger(plan.transferId, watch);
  }

  async run(): Promise<MoveSummary> {
    this.#link.onClosed(() => this.#wake());
    this.#link.onFrame((frame) => this.#onFrame(frame));
    await this.#list();
    await this.#until(() => this.#open.size === 0);
    this.#link.send('goodbye', {});
    this.#link.end();
    return this.#ledger.summary();
  }

  async #list(): Promise<void> {
    let offers: FileOffer[] = [];
    let notes: MovedFile[] = [];
    let [number, files, sizeBytes] = [0, 0, 0];
    const flush = (): void => {
      if (offers.length > 0) this.#link.sendJson('offer', offers);
      if (notes.length > 0) this.#link.sendJson('notes', notes);
      offers = [];
      notes = [];
    };
    for await (const listed of listSource(this.#source, this.#plan.items)) {
      if ('settled' in listed) {
        files += 1;
        this.#ledger.settle(listed.settled);
        notes.push(listed.settled);
      } else {
        const { entry } = listed;
        const { kind, destinationPath, modifiedMilliseconds, mode } = entry;
        files += kind === 'file' ? 1 : 0;
        sizeBytes += entry.sizeBytes;
        offers.push([number, kind, destinationPath, entry.sizeBytes, modifiedMilliseconds, mode]);
        this.#open.set(number, { file: number, entry, have: [], arrivedBytes: 0 });
        number += 1;
      }
      if (offers.length + notes.length < moverLimits.filesPerOffer) continue;
      flush();
      await this.#until(() => this.#open.size < moverLimits.filesInFlight);
    }
    flush();
    this.#ledger.listed(files, sizeBytes);
    this.#link.sendJson('listed', { files, sizeBytes });
    this.#isListed = true;
  }

  /** Resolves when `condition` holds; rejects when the link is over. */
  async #until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#link.over !== null) throw this.#link.over;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#link.over !== null) throw this.#link.over;
  }

  #onFrame(frame: Frame): void {
    if (frame.type === 'have') {
      const have = this.#open.get(frame.file)?.have;
      for (let at = 0; at + 8 <= frame.payload.length; at += 8) {
        have?.push(frame.payload.readBigUInt64LE(at));
      }
    } else if (frame.type === 'verdict') {
      for (const [file, verdict] of readJson(frame) as FileVerdict[]) {
        const outgoing = this.#open.get(file);
        if (outgoing !== undefined) void this.#send(outgoing, verdict === 'same');
      }
    } else if (frame.type === 'again') {
      const outgoing = this.#open.get(frame.file);
      if (outgoing !== undefined) void this.#sendAgain(outgoing, frame.chunk, frame.digest);
    } else if (frame.type === 'results') {
      for (const result of readJson(frame) as FileResult[]) this.#settle(result);
      if (this.#isListed || this.#open.size < moverLimits.filesInFlight) this.#wake();
    }
  }

  #settle([file, moved]: FileResult): void {
    const outgoing = this.#open.get(file);
    if (outgoing === undefined) return;
    this.#open.delete(file);
    if (moved === null) this.#ledger.folder();
    else this.#ledger.settle(moved, outgoing.arrivedBytes);
  }

  /** Never rejects: what goes wrong is told to the receiver, which settles the file. */
  async #send(outgoing: Outgoing, maybeSame: boolean): Promise<void> {
    const { file, entry } = outgoing;
    const large = entry.sizeBytes > moverLimits.chunkBytes;
    const weight = large ? moverLimits.filesAtOnce / moverLimits.largeFilesAtOnce : 1;
    await this.#slots.take(weight);
    try {
      if (this.#isOver(outgoing)) return;
      const source = await SourceFile.open(entry);
      try {
        const same = maybeSame && (await this.#isSame(outgoing, source));
        if (!same) await this.#sendChunks(outgoing, source);
      } finally {
        await source.close();
      }
    } catch (error) {
      this.#abort(file, fileFault(error, 'reading', entry.sourcePath));
    } finally {
      this.#slots.give(weight);
    }
  }

  #isOver({ file }: Outgoing): boolean {
    return this.#link.over !== null || !this.#open.has(file);
  }

  #abort(file: number, { kind, message }: DomainError): void {
    this.#link.sendJson('abort', { kind, message }, { file });
  }

  /** Whether the receiver's whole file is the same; if so it is told. */
  async #isSame(outgoing: Outgoing, source: SourceFile): Promise<boolean> {
    const digest = new FileDigest();
    const [there] = outgoing.have.splice(0);
    const { sizeBytes } = outgoing.entry;
    for (let chunk = 0; chunk < chunkCount(sizeBytes) && !this.#isOver(outgoing); chunk += 1) {
      const buffer = await this.#buffers.take();
      try {
        const bytes = buffer.subarray(0, chunkBytesAt(sizeBytes, chunk));
        await source.read(bytes, chunk * moverLimits.chunkBytes);
        digest.update(bytes);
      } finally {
        this.#buffers.give(buffer);
      }
    }
    if (digest.value() !== there) return false;
    await source.assertUnchanged();
    this.#link.send('end', { file: outgoing.file, chunk: unchangedMark, digest: there });
    return true;
  }

  async #sendChunks(outgoing: Outgoing, source: SourceFile): Promise<void> {
    const { file, entry, have } = outgoing;
    const digest = new FileDigest();
    const flushed: Promise<void>[] = [];
    let sentCount = 0;
    for (let chunk = 0; chunk < chunkCount(entry.sizeBytes); chunk += 1) {
      const length = chunkBytesAt(entry.sizeBytes, chunk);
      const small = length <= moverLimits.smallPayloadBytes;
      const buffer = small ? Buffer.allocUnsafe(length) : await this.#buffers.take();
      const bytes = buffer.subarray(0, length);
      const give = (): void => {
        if (!small) this.#buffers.give(buffer);
      };
      try {
        await source.read(bytes, chunk * moverLimits.chunkBytes);
      } catch (error) {
        give();
        throw error;
      }
      if (this.#isOver(outgoing)) {
        give();
        return;
      }
      digest.update(bytes);
      const chunkDigest = digestOf(bytes);
      const there = have[chunk] === chunkDigest;
      outgoing.arrivedBytes += length;
      this.#ledger.arrived(length, there);
      if (there) {
        give();
        continue;
      }
      sentCount += 1;
      const sent = this.#sendData(file, chunk, chunkDigest, bytes).then(give);
      if (chunk === chunkCount(entry.sizeBytes) - 1) flushed.push(sent);
    }
    await source.assertUnchanged();
    this.#link.send('end', { file, chunk: sentCount, digest: digest.value() });
    await Promise.all(flushed);
  }

  #sendData(file: number, chunk: number, digest: bigint, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#link.send('data', { file, chunk, digest }, bytes, resolve);
    });
  }

  /** A chunk that arrived damaged, read afresh; it must be what it was. */
  async #sendAgain(outgoing: Outgoing, chunk: number, digest: bigint): Promise<void> {
    const { file, entry } = outgoing;
    await this.#slots.take(1);
    const buffer = Buffer.allocUnsafe(chunkBytesAt(entry.sizeBytes, chunk));
    try {
      const source = await SourceFile.open(entry);
      try {
        await source.read(buffer, chunk * moverLimits.chunkBytes);
        await source.assertUnchanged();
      } finally {
        await source.close();
      }
      if (digestOf(buffer) !== digest) {
        const said = `reading ${entry.sourcePath}: the file changed while it was being moved`;
        throw new DomainError('conflict', said);
      }
      await this.#sendData(file, chunk, digest, buffer);
    } catch (error) {
      this.#abort(file, fileFault(error, 'reading', entry.sourcePath));
    } finally {
      this.#slots.give(1);
    }
  }
}
