import { stat } from 'node:fs/promises';
import type { Question } from '@interpulse/api/agent-messages/questions.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { Collections } from '../collections/collections.ts';
import { attachmentBytes, bytesAnswer, type DeskAnswer } from './desk-answer.ts';
import { readRange } from './read-range.ts';

type LogQuestion = Extract<Question, { ask: 'jobLog' }>;

interface Waiting {
  question: LogQuestion;
  afterBytes: number;
  endsAtMs: number;
  look: () => Promise<void>;
}

const logLimits = {
  /** Answers held at a time; further ones are given at once, empty. */
  held: 128,
  /** Logs that are followed are looked at this often: file systems of clusters tell no changes. */
  lookMs: 100,
};

/** Reads logs of jobs: their end, or what comes after a place, as soon as it comes. */
export class LogReader {
  readonly #collections: Collections;
  readonly #isHeld: (jobId: JobId) => boolean;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** `isHeld` says whether an attempt of a job is with a pilot, so that its log may grow. */
  constructor(collections: Collections, isHeld: (jobId: JobId) => boolean) {
    this.#collections = collections;
    this.#isHeld = isHeld;
  }

  /**
   * Answers a question. A job that has written nothing yet has an empty log.
   *
   * @throws DomainError as `Collections.existing`.
   */
  async read(question: LogQuestion): Promise<DeskAnswer> {
    const { afterBytes, waitSeconds } = question;
    if (afterBytes === null || waitSeconds === 0) return this.#readNow(question);
    const endsAtMs = performance.now() + waitSeconds * 1000;
    const answer = await this.#readUnlessEmpty(question, { afterBytes, endsAtMs });
    if (answer !== null) return answer;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        question,
        afterBytes,
        endsAtMs,
        look: async () => {
          try {
            const found = await this.#readUnlessEmpty(question, { afterBytes, endsAtMs });
            if (found === null || !this.#waiting.delete(waiting)) return;
            resolve(found);
          } catch (error) {
            this.#waiting.delete(waiting);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
      };
      this.#waiting.add(waiting);
      this.#lookLater();
    });
  }

  /** Null while there is nothing after the place, and something may still come. */
  async #readUnlessEmpty(
    question: LogQuestion,
    { afterBytes, endsAtMs }: Pick<Waiting, 'afterBytes' | 'endsAtMs'>,
  ): Promise<DeskAnswer | null> {
    // Asked before the size is: what an attempt wrote before its end is then seen.
    const mayGrow = this.#isHeld(question.jobId) && !this.#isClosed;
    const path = await this.#find(question);
    const sizeBytes = path === null ? 0 : (await stat(path)).size;
    const isFull = this.#waiting.size > logLimits.held;
    const isLate = performance.now() >= endsAtMs || isFull;
    if (sizeBytes === afterBytes && mayGrow && !isLate) return null;
    return this.#readFrom(path, sizeBytes, question);
  }

  async #readNow(question: LogQuestion): Promise<DeskAnswer> {
    const path = await this.#find(question);
    const sizeBytes = path === null ? 0 : (await stat(path)).size;
    return this.#readFrom(path, sizeBytes, question);
  }

  async #readFrom(
    path: string | null,
    sizeBytes: number,
    { afterBytes, maxBytes }: LogQuestion,
  ): Promise<DeskAnswer> {
    const most = Math.min(maxBytes, attachmentBytes);
    const start = afterBytes ?? Math.max(0, sizeBytes - most);
    const count = Math.max(0, Math.min(sizeBytes - start, most));
    const bytes = path === null ? new Uint8Array() : await readRange(path, start, count);
    return bytesAnswer(bytes, sizeBytes);
  }

  /** A job may have put a link in the place of its log: it is followed within the collection. */
  async #find({ workFolder, stream }: LogQuestion): Promise<string | null> {
    const location = `${workFolder.replace(/\/$/, '')}/${stream}`;
    try {
      return await this.#collections.existing(location);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'notFound') throw error;
    }
    // Nothing yet; but the folder must be one of a job.
    await this.#collections.existing(workFolder);
    return null;
  }

  #lookLater(): void {
    this.#timer ??= setTimeout(() => void this.#lookAtAll(), logLimits.lookMs);
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all([...this.#waiting].map(({ look }) => look()));
    this.#timer = undefined;
    if (this.#waiting.size > 0) this.#lookLater();
  }

  /** Answers everybody who waits. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#lookAtAll();
  }
}
