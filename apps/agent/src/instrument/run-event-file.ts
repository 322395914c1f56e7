import { watch, type FSWatcher } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RunEventMessage } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import { runEventSchema } from '@interpulse/domain/instrument/run-event.ts';
import { fromMilliseconds, instantSchema } from '@interpulse/domain/time.ts';
import type { AgentLog } from '../agent-log.ts';
import type { Tell } from '../hub/tell-hub.ts';

/** What reading a file of run events needs. */
export interface RunEventSurroundings {
  instrument: string;
  /** Absolute path of the file; it need not be there yet. */
  file: string;
  /** The agent's state folder. */
  folder: string;
  tell: Tell;
  log: AgentLog;
}

const eventFileLimits = {
  /** Bytes read at once; a line is no longer. */
  pieceBytes: 256 * 1024,
  /** The file is looked at so often besides: network file systems tell of nothing. */
  lookAgainMs: 2_000,
};

const lineSchema = runEventSchema.extend({ at: instantSchema.optional() });

/** Up to where a file was read and told. */
const placeSchema = z.object({ inode: z.number(), offsetBytes: z.number() });

/**
 * Reads what a control system appends to a file of JSON lines, and tells the hub, in order. A line
 * is told until the hub has it, also over restarts; a line without an id has its place for one.
 */
export class RunEventFile {
  readonly #with: RunEventSurroundings;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | undefined;
  #place = { inode: 0, offsetBytes: 0 };
  #reading: Promise<void> = Promise.resolve();
  #isPlanned = false;
  #isClosed = false;

  constructor(surroundings: RunEventSurroundings) {
    this.#with = surroundings;
  }

  /** Begins to read, where the last agent ended. */
  async start(): Promise<void> {
    const text = await readFile(this.#placePath, 'utf8').catch(() => '');
    const known = text === '' ? null : placeSchema.safeParse(JSON.parse(text));
    if (known?.success === true) this.#place = known.data;
    this.#follow();
    this.#timer = setInterval(() => this.#follow(), eventFileLimits.lookAgainMs).unref();
  }

  /** Stops reading; what is being told is waited for no longer. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  get #placePath(): string {
    return join(this.#with.folder, 'journals', `${this.#with.instrument}.events`);
  }

  /** Watches the folder, where it is there, and reads what is new. */
  #follow(): void {
    if (this.#watcher === null && !this.#isClosed) {
      try {
        this.#watcher = watch(dirname(this.#with.file), () => this.#plan());
        this.#watcher.on('error', () => this.#lose());
      } catch {
        // The folder is not there yet, or cannot be watched: it is looked at again.
      }
    }
    this.#plan();
  }

  #lose(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  #plan(): void {
    if (this.#isPlanned || this.#isClosed) return;
    this.#isPlanned = true;
    this.#reading = this.#reading.then(async () => {
      this.#isPlanned = false;
      await this.#read().catch((err: unknown) => {
        this.#with.log.warn({ err, file: this.#with.file }, 'run events cannot be read');
      });
    });
  }

  async #read(): Promise<void> {
    let handle: FileHandle;
    try {
      handle = await open(this.#with.file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      const { ino: inode, size } = await handle.stat();
      // Another file under its name, or one that was emptied, is read from its beginning.
      const isSame = inode === this.#place.inode && size >= this.#place.offsetBytes;
      if (!isSame) this.#place = { inode, offsetBytes: 0 };
      while (!this.#isClosed && (await this.#readPiece(handle)));
    } finally {
      await handle.close();
    }
  }

  /** Reads and tells whole lines; false at the end. */
  async #readPiece(handle: FileHandle): Promise<boolean> {
    const piece = Buffer.alloc(eventFileLimits.pieceBytes);
    const { bytesRead } = await handle.read(piece, 0, piece.length, this.#place.offsetBytes);
    const end = piece.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    if (end === 0) {
      if (bytesRead < piece.length) return false;
      this.#with.log.error({ file: this.#with.file }, 'a line is too long; it is passed over');
      this.#place.offsetBytes += bytesRead;
      return true;
    }
    let from = 0;
    for (const line of piece.subarray(0, end).toString('utf8').split('\n').slice(0, -1)) {
      if (this.#isClosed) return false;
      await this.#tellLine(line, this.#place.offsetBytes + from);
      from += Buffer.byteLength(line) + 1;
    }
    this.#place.offsetBytes += end;
    await this.#keepPlace();
    return true;
  }

  async #tellLine(line: string, offsetBytes: number): Promise<void> {
    if (line.trim() === '') return;
    const { instrument, tell, log, file } = this.#with;
    const message = readLine(line, `line ${this.#place.inode} ${offsetBytes}`, instrument);
    if (typeof message === 'string') {
      log.error({ file, offsetBytes, why: message }, 'a line is no run event; it is passed over');
      return;
    }
    try {
      await tell(message);
    } catch (err) {
      log.error({ err, file, offsetBytes }, 'the hub refused a run event');
    }
  }

  async #keepPlace(): Promise<void> {
    await mkdir(dirname(this.#placePath), { recursive: true, mode: 0o700 });
    await writeFile(`${this.#placePath}.new`, JSON.stringify(this.#place), { mode: 0o600 });
    await rename(`${this.#placePath}.new`, this.#placePath);
  }
}

/** The message of a line, or what is wrong with it. */
function readLine(line: string, place: string, instrument: string): RunEventMessage | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const parsed = lineSchema.safeParse(value);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { at, id, ...event } = parsed.data;
  // Without an instant of its own a line would be another event each time that it is read.
  const isNamed = id !== '' || at !== undefined || event.kind.startsWith('run');
  return {
    type: 'runEvent',
    instrument,
    ...event,
    id: isNamed ? id : place,
    at: at ?? fromMilliseconds(Date.now()),
  };
}
