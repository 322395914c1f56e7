import { stat } from 'node:fs/promises';
import type { Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import type { Collections } from '../collections/collections.ts';
import { attachmentBytes, bytesAnswer, type DeskAnswer } from './desk-answer.ts';
import { Hdf5Reader } from './hdf5-reader.ts';
import { deletePaths, type FindTransfer } from './delete-paths.ts';
import { listFolder } from './list-folder.ts';
import { LogReader } from './log-reader.ts';
import { lookAtPlace } from './look-at-place.ts';
import { readRange } from './read-range.ts';
import { writePiece } from './write-piece.ts';

/** What the desk must know of the agent's other work. */
export interface WorkUnderWay {
  /** Whether an attempt of a job is with a pilot, so that its log may grow. */
  isHeld: (jobId: JobId) => boolean;
  /** Nothing is deleted where a transfer works. */
  inTheWay: FindTransfer;
}

/** Answers what the hub asks on behalf of people who look; never outside the collections. */
export class QuestionDesk {
  readonly #collections: Collections;
  readonly #hdf5 = new Hdf5Reader();
  readonly #logs: LogReader;
  readonly #going: WorkUnderWay;

  constructor(collections: Collections, going: WorkUnderWay) {
    this.#collections = collections;
    this.#going = going;
    this.#logs = new LogReader(collections, going.isHeld);
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

  /** Answers who waits for a log, and ends the thread that reads HDF5. */
  close(): Promise<void> {
    this.#logs.close();
    return this.#hdf5.close();
  }

  async #answer(question: Question, attachment: Uint8Array | null): Promise<DeskAnswer> {
    switch (question.ask) {
      case 'listFolder': {
        const path = await this.#collections.existing(question.location);
        const found = await listFolder(path, question.location, question);
        return { message: { answer: 'folder', ...found }, attachment: null };
      }
      case 'lookAt': {
        const entry = await lookAtPlace(question.location, this.#collections);
        return { message: { answer: 'entry', entry }, attachment: null };
      }
      case 'makeFolder': {
        const before = await lookAtPlace(question.location, this.#collections);
        await this.#collections.makeFolder(question.location);
        return { message: { answer: 'madeFolder', isNew: before === null }, attachment: null };
      }
      case 'deletePaths': {
        const done = await deletePaths(question, this.#collections, this.#going.inTheWay);
        return { message: { answer: 'deleted', ...done }, attachment: null };
      }
      case 'readFile':
        return this.#readFile(question);
      case 'writeFile': {
        const piece = attachment ?? new Uint8Array();
        const sizeBytes = await writePiece(question, piece, this.#collections);
        return { message: { answer: 'bytes', sizeBytes }, attachment: null };
      }
      case 'jobLog':
        return this.#logs.read(question);
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
