import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import type { Collections } from '../collections/collections.ts';
import { Hdf5Reader } from './hdf5-reader.ts';
import { listFolder } from './list-folder.ts';
import { writePiece } from './write-piece.ts';

/** What goes back to the hub. */
export interface DeskAnswer {
  message: Answer;
  attachment: Uint8Array | null;
}

/** Bytes beside one answer: a session message holds 2 MiB with everything. */
const attachmentBytes = 2 * 1024 * 1024 - 4096;

/** Answers what the hub asks on behalf of people who look; never outside the collections. */
export class QuestionDesk {
  readonly #collections: Collections;
  readonly #hdf5 = new Hdf5Reader();

  constructor(collections: Collections) {
    this.#collections = collections;
  }

  /** Never rejects: what goes wrong is the answer. */
  readonly answer = async (
    question: Question,
    attachment: Uint8Array | null = null,
  ): Promise<DeskAnswer> => {
    try {
      return await this.#answer(question, attachment);
    } catch (error) {
      const kind = error instanceof DomainError ? error.kind : 'unavailable';
      const message = error instanceof Error ? error.message : String(error);
      return { message: { answer: 'problem', kind, message }, attachment: null };
    }
  };

  /** Ends the thread that reads HDF5. */
  close(): Promise<void> {
    return this.#hdf5.close();
  }

  async #answer(question: Question, attachment: Uint8Array | null): Promise<DeskAnswer> {
    switch (question.ask) {
      case 'listFolder': {
        const path = await this.#collections.existing(question.location);
        const entries = await listFolder(path, question.location);
        return { message: { answer: 'folder', entries }, attachment: null };
      }
      case 'readFile':
        return this.#readFile(question);
      case 'writeFile': {
        const piece = attachment ?? new Uint8Array();
        const sizeBytes = await writePiece(question, piece, this.#collections);
        return { message: { answer: 'bytes', sizeBytes }, attachment: null };
      }
      case 'jobLog':
        return this.#readLog(question);
      default:
        return this.#readHdf5(question);
    }
  }

  /** One piece of a file; the answer says how large the whole is. */
  async #readFile(question: Extract<Question, { ask: 'readFile' }>): Promise<DeskAnswer> {
    const { location, offsetBytes, maxBytes } = question;
    const path = await this.#collections.existing(location);
    const stats = await stat(path);
    if (!stats.isFile()) throw new DomainError('invalid', `${location} is not a file`);
    const count = Math.max(0, Math.min(stats.size - offsetBytes, maxBytes, attachmentBytes));
    return bytesAnswer(await readRange(path, offsetBytes, count), stats.size);
  }

  /** The end of a log; a job that has written nothing yet has an empty one. */
  async #readLog(question: Extract<Question, { ask: 'jobLog' }>): Promise<DeskAnswer> {
    const folder = await this.#collections.existing(question.workFolder);
    const location = `${question.workFolder.replace(/\/$/, '')}/${question.stream}`;
    // A job may have put a link in the place of its log.
    const path = await this.#collections.existing(location).catch((error: unknown) => {
      if (error instanceof DomainError && error.kind === 'notFound') return null;
      throw error;
    });
    if (path === null) return bytesAnswer(new Uint8Array(), 0);
    const { size } = await stat(join(folder, question.stream));
    const count = Math.min(size, question.maxBytes, attachmentBytes);
    return bytesAnswer(await readRange(path, size - count, count), size);
  }

  async #readHdf5(
    question: Extract<Question, { ask: 'hdf5Entity' | 'hdf5Attributes' | 'hdf5Value' }>,
  ): Promise<DeskAnswer> {
    const { location, ...rest } = question;
    const file = await this.#collections.existing(location);
    try {
      const answer = await this.#hdf5.ask({ ...rest, file });
      if ('bytes' in answer) return bytesAnswer(answer.bytes, answer.bytes.length);
      const value = jsonObjectSchema.parse(JSON.parse(JSON.stringify(answer.value)));
      return { message: { answer: 'json', value }, attachment: null };
    } catch (error) {
      // Where the collection lies on this machine is nobody's business.
      if (!(error instanceof DomainError)) throw error;
      throw new DomainError(error.kind, error.message.replaceAll(file, location), {
        cause: error,
      });
    }
  }
}

function bytesAnswer(attachment: Uint8Array, sizeBytes: number): DeskAnswer {
  return { message: { answer: 'bytes', sizeBytes }, attachment };
}

async function readRange(path: string, start: number, count: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const { bytesRead } = await handle.read(bytes, filled, count - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
