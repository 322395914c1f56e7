import type { Transaction } from '@interpulse/store/executor.ts';
import type { FoundFlowRun } from '@interpulse/store/flow-runs/lock-flow-runs.ts';
import type { JobRow } from '@interpulse/store/jobs/job-row.ts';
import type { Transfer } from '@interpulse/domain/transfer/transfer.ts';
import type { RoomSeen } from '../agents/see-room.ts';
import type { Revisions } from '@interpulse/store/revisions.ts';
import type { SitesSeen } from './choose-sites.ts';

/** What can be asked for before it is known that it is needed. */
interface Askable {
  flowRuns: FoundFlowRun[];
  jobs: JobRow[];
  transfers: Transfer[];
  /** Children of jobs that are said to have ended. */
  children: string[];
  sites: SitesSeen;
  room: RoomSeen;
  revisions: Revisions;
}

/**
 * What a transaction has asked for together with its first statement, because what follows most
 * likely needs it: a question more in the same message costs a tenth of one with a message of its
 * own. Each answer is taken once, by whoever needs it first; what the transaction changes later is
 * not in it. What was not asked for is read when it is needed.
 */
export class Ahead {
  readonly #tx: Pick<Transaction, 'commitWith'>;
  #asked: { [K in keyof Askable]?: Promise<Askable[K]> } = {};

  constructor(tx: Pick<Transaction, 'commitWith'>) {
    this.#tx = tx;
  }

  /** Keeps the answer to a question that was just issued. */
  ask<K extends keyof Askable>(what: K, answer: Promise<Askable[K]>): void {
    // One that failed fails the whole transaction, with its error and not that of who came behind.
    this.#tx.commitWith(answer);
    (this.#asked as Record<K, Promise<Askable[K]>>)[what] = answer;
  }

  /** The answer, which stays; undefined when nobody asked. */
  see<K extends keyof Askable>(what: K): Promise<Askable[K]> | undefined {
    return this.#asked[what];
  }

  /** The answer, to nobody else any more; undefined when nobody asked. */
  take<K extends keyof Askable>(what: K): Promise<Askable[K]> | undefined {
    const answer = this.see(what);
    delete this.#asked[what];
    return answer;
  }
}

/** Of what was asked ahead what is about these ids, if it is all of them; undefined otherwise. */
export async function onlyThese<T extends { id: string }>(
  asked: Promise<T[]> | undefined,
  ids: readonly string[],
): Promise<T[] | undefined> {
  const wanted = new Set(ids);
  const these = (await asked)?.filter(({ id }) => wanted.has(id));
  return these?.length === wanted.size ? these : undefined;
}
