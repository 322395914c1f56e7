import { lstat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorKinds, DomainError } from '@interpulse/domain/error.ts';
import { CollectionRoot, pathSegments } from '../collection-root.ts';
import { digestOf, digestText } from '../file-digest.ts';
import { fileFault } from '../file-fault.ts';
import { FolderSync } from '../folder-sync.ts';
import { failedFile } from '../list-source.ts';
import { MoveLedger } from '../move-ledger.ts';
import type { MovedFile, MovePlan, MoveSummary, MoveWatch } from '../mover.ts';
import { moverLimits } from '../mover-limits.ts';
import { partPath } from '../part-file.ts';
import { Slots } from '../slots.ts';
import { unchangedDigest } from '../unchanged-digest.ts';
import { readJson } from './channel-link.ts';
import type { ChannelLink } from './channel-link.ts';
import type { Frame } from './frame.ts';
import { IncomingFile } from './incoming-file.ts';
import { unchangedMark } from './transfer-frames.ts';
import type { FileOffer, FileResult, FileVerdict } from './transfer-frames.ts';

/** The receiving end of a transfer; its word on what arrived is the one that counts. */
export async function receiveFiles(
  link: ChannelLink,
  root: string,
  plan: MovePlan,
  watch: MoveWatch,
): Promise<MoveSummary> {
  const destination = await CollectionRoot.open(root);
  return new FileReceiver(link, destination, plan, watch).run();
}

class FileReceiver {
  readonly #link: ChannelLink;
  readonly #destination: CollectionRoot;
  readonly #plan: MovePlan;
  readonly #asked: Set<string>;
  readonly #ledger: MoveLedger;
  readonly #folderSync: FolderSync | null;
  readonly #slots = new Slots(moverLimits.filesAtOnce);
  /** Offered and not settled. */
  readonly #open = new Map<number, IncomingFile>();
  /** Looked at, opened or settled just now; nothing may be left running when the run ends. */
  readonly #busy = new Set<Promise<void>>();
  #verdicts: FileVerdict[] = [];
  #results: FileResult[] = [];
  #isFlushing = false;
  #offeredCount = 0;
  #isListed = false;

  constructor(link: ChannelLink, destination: CollectionRoot, plan: MovePlan, watch: MoveWatch) {
    this.#link = link;
    this.#destination = destination;
    this.#plan = plan;
    this.#asked = askedPaths(plan);
    this.#ledger = new MoveLedger(plan.transferId, watch);
    this.#folderSync = plan.durable ? new FolderSync() : null;
  }

  async run(): Promise<MoveSummary> {
    const over = await new Promise<DomainError | null>((resolve) => {
      this.#link.onClosed(resolve);
      this.#link.onFrame((frame) => {
        // After goodbye nothing more is read.
        if (frame.type === 'goodbye') resolve(null);
        else this.#onFrame(frame);
      });
    });
    while (this.#busy.size > 0) await Promise.all(this.#busy);
    const isWhole = this.#isListed && this.#open.size === 0;
    if (over !== null && !isWhole) {
      await Promise.all([...this.#open.values()].map((incoming) => incoming.leave()));
      throw over;
    }
    this.#link.end();
    return this.#ledger.summary();
  }

  #onFrame(frame: Frame): void {
    switch (frame.type) {
      case 'offer':
        for (const offer of readJson(frame) as FileOffer[]) this.#onOffer(offer);
        break;
      case 'notes':
        for (const moved of readJson(frame) as MovedFile[]) this.#ledger.settle(moved);
        break;
      case 'listed': {
        const { files, sizeBytes } = readJson(frame) as { files: number; sizeBytes: number };
        this.#ledger.listed(files, sizeBytes);
        this.#isListed = true;
        break;
      }
      case 'data':
        this.#onData(frame);
        break;
      case 'end':
        this.#onEnd(frame);
        break;
      case 'abort':
        this.#onAbort(frame);
        break;
      default:
        this.#link.fail(new DomainError('unavailable', `receiving: unexpected ${frame.type}`));
    }
  }

  /** Runs something whose end the run has to await. `work` settles its own troubles. */
  #run(work: () => Promise<void>): void {
    const running: Promise<void> = work().finally(() => this.#busy.delete(running));
    this.#busy.add(running);
  }

  #onOffer(offer: FileOffer): void {
    const [file, kind, path, sizeBytes] = offer;
    if (file !== this.#offeredCount) {
      throw new DomainError('unavailable', 'receiving: offers out of order');
    }
    this.#offeredCount += 1;
    this.#run(async () => {
      await this.#slots.take(1);
      try {
        if (this.#link.over !== null) return;
        this.#assertAsked(path);
        if (kind === 'folder') {
          await this.#destination.makeFolder(path);
          this.#ledger.folder();
          this.#tell(null, [file, null]);
        } else {
          await this.#answer(offer, await this.#destination.locateDestination(path));
        }
      } catch (error) {
        const failed = failedFile(path, sizeBytes, fileFault(error, 'writing', path));
        this.#ledger.settle(failed, this.#open.get(file)?.arrivedBytes ?? 0);
        this.#open.delete(file);
        this.#tell(null, [file, failed]);
      } finally {
        this.#slots.give(1);
      }
    });
  }

  #assertAsked(path: string): void {
    const segments = pathSegments(path);
    for (let count = segments.length; count >= 0; count -= 1) {
      if (this.#asked.has(segments.slice(0, count).join('/'))) return;
    }
    throw new DomainError('forbidden', `writing ${path}: the plan does not ask for it`);
  }

  /** Looks at what is there and says what is wanted. */
  async #answer(offer: FileOffer, finalPath: string): Promise<void> {
    const [file, , path, sizeBytes, modifiedMilliseconds] = offer;
    const incoming = new IncomingFile(offer, this.#plan.transferId, finalPath);
    const present = await lstat(finalPath).catch(() => null);
    if (present?.isDirectory() === true) {
      throw new DomainError('conflict', `writing ${path}: a folder of that name is in the way`);
    }
    this.#open.set(file, incoming);
    if (this.#plan.skipUnchanged && present !== null) {
      const digest = await unchangedDigest(finalPath, { sizeBytes, modifiedMilliseconds });
      if (digest !== null) {
        this.#sendHave(file, [digest]);
        this.#tell([file, 'same'], null);
        return;
      }
    }
    if (sizeBytes > moverLimits.chunkBytes) {
      const part = await lstat(partPath(finalPath, this.#plan.transferId)).catch(() => null);
      await assertSpace(path, finalPath, sizeBytes - (part?.blocks ?? 0) * 512);
      if (part?.isFile() === true) this.#sendHave(file, await incoming.resume());
    }
    this.#tell([file, 'send'], null);
  }

  #sendHave(file: number, digests: bigint[]): void {
    const perFrame = moverLimits.chunkBytes / 8;
    for (let at = 0; at < digests.length; at += perFrame) {
      const words = BigUint64Array.from(digests.slice(at, at + perFrame));
      this.#link.send('have', { file, chunk: at }, Buffer.from(words.buffer));
    }
  }

  #onData(frame: Frame): void {
    const { file, chunk, payload } = frame;
    const incoming = this.#open.get(file);
    if (incoming === undefined || incoming.error !== null) {
      // Settled meanwhile, for instance because the disk is full; the sender will hear of it.
      this.#link.release(frame);
      return;
    }
    if (!incoming.fits(chunk, payload.length)) {
      throw new DomainError('unavailable', `receiving ${incoming.path}: a chunk that is not in it`);
    }
    if (digestOf(payload) !== frame.digest) {
      this.#link.release(frame);
      if (incoming.mayRepair()) this.#link.send('again', { file, chunk, digest: frame.digest });
      else this.#failFile(incoming, damaged(incoming.path));
      return;
    }
    incoming.arrivedBytes += payload.length;
    this.#ledger.arrived(payload.length);
    this.#run(async () => {
      await incoming.write(chunk, payload);
      this.#link.release(frame);
      this.#settleIfReady(incoming);
    });
  }

  #onEnd({ file, chunk, digest }: Frame): void {
    const incoming = this.#open.get(file);
    if (incoming === undefined) return;
    incoming.end = { sentCount: chunk === unchangedMark ? 0 : chunk, digest };
    if (chunk === unchangedMark) this.#settle(incoming, 'unchanged');
    else this.#settleIfReady(incoming);
  }

  #onAbort(frame: Frame): void {
    const incoming = this.#open.get(frame.file);
    if (incoming === undefined) return;
    const { kind, message } = readJson(frame) as { kind: string; message: string };
    const known = errorKinds.find((name) => name === kind) ?? 'unavailable';
    this.#failFile(incoming, new DomainError(known, message));
  }

  #failFile(incoming: IncomingFile, error: DomainError): void {
    incoming.error ??= error;
    this.#settleIfReady(incoming);
  }

  #settleIfReady(incoming: IncomingFile): void {
    if (!incoming.isReady || this.#link.over !== null) return;
    this.#settle(incoming, 'copied');
  }

  /** Ends a file: gives it its name or removes what is there, then tells everybody. */
  #settle(incoming: IncomingFile, status: 'copied' | 'unchanged'): void {
    if (incoming.isSettling) return;
    incoming.isSettling = true;
    const { file, path, sizeBytes, end } = incoming;
    this.#run(async () => {
      let moved: MovedFile;
      try {
        if (incoming.error !== null) throw incoming.error;
        if (status === 'copied') await incoming.finish({ folderSync: this.#folderSync });
        moved = { path, sizeBytes, xxh3: digestText(end?.digest ?? 0n), status };
      } catch (error) {
        await incoming.discard().catch(() => undefined);
        moved = failedFile(path, sizeBytes, fileFault(error, 'writing', path));
      }
      this.#open.delete(file);
      this.#ledger.settle(moved, incoming.arrivedBytes);
      this.#tell(null, [file, moved]);
    });
  }

  /** Gathers what is to be told until the event loop has nothing better to do. */
  #tell(verdict: FileVerdict | null, result: FileResult | null): void {
    if (verdict !== null) this.#verdicts.push(verdict);
    if (result !== null) this.#results.push(result);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      const [verdicts, results] = [this.#verdicts, this.#results];
      this.#verdicts = [];
      this.#results = [];
      if (verdicts.length > 0) this.#link.sendJson('verdict', verdicts);
      if (results.length > 0) this.#link.sendJson('results', results);
    });
  }
}

/** The destinations of a plan; what leads out of the collection is refused when it is offered. */
function askedPaths(plan: MovePlan): Set<string> {
  const paths = new Set<string>();
  for (const { destinationPath } of plan.items) {
    try {
      paths.add(pathSegments(destinationPath).join('/'));
    } catch {
      continue;
    }
  }
  return paths;
}

function damaged(path: string): DomainError {
  const said = `receiving ${path}: chunks keep arriving damaged; look at the network`;
  return new DomainError('unavailable', said);
}

/** Throws `exhausted` when the file cannot fit, before anything is written. */
async function assertSpace(path: string, finalPath: string, needBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(finalPath));
  if (bavail * bsize >= needBytes) return;
  const said = `writing ${path}: needs ${needBytes} bytes, ${bavail * bsize} are free`;
  throw new DomainError('exhausted', `${said}; free some space and try again`);
}
