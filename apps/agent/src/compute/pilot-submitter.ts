import type { BatchRequest, BatchSystem } from '@interpulse/adapters/batch/batch-system.ts';
import type { HubToAgent } from '@interpulse/api/agent-messages/hub-to-agent.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import type { AgentLog } from '../agent-log.ts';

/** One pilot that the hub wants. */
export type PilotOrder = Extract<HubToAgent, { type: 'pilotOrders' }>['submit'][number];

/** What came of a submission; `null`: another try may do, and the hub will order it. */
export type Submitted = { batchJobId: string } | { givenUp: string } | null;

/** A pilot that could not be submitted for so long is given up, so that people see why. */
const patienceMs = 60_000;

/** What a submitter works with. */
interface SubmitterSurroundings {
  batch: BatchSystem;
  /** Throws what `submit` of a batch system may throw. */
  request: (order: PilotOrder) => Promise<BatchRequest>;
  log: AgentLog;
}

/** Brings pilots to the batch system, each once. */
export class PilotSubmitter {
  readonly #with: SubmitterSurroundings;
  readonly #underWay = new Map<PilotId, Promise<void>>();
  /** Since when a pilot cannot be submitted. */
  readonly #troubledSinceMs = new Map<PilotId, number>();

  constructor(surroundings: SubmitterSurroundings) {
    this.#with = surroundings;
  }

  /** Whether the batch system is just being asked for it. */
  isUnderWay(pilotId: PilotId): boolean {
    return this.#underWay.has(pilotId);
  }

  /** Submits and hands over what came of it. Never rejects, if `take` does not throw. */
  submit(order: PilotOrder, take: (submitted: Submitted) => void): Promise<void> {
    const { pilotId } = order;
    const known = this.#underWay.get(pilotId);
    if (known !== undefined) return known;
    const submitting = this.#submit(order)
      .then(take)
      .finally(() => this.#underWay.delete(pilotId));
    this.#underWay.set(pilotId, submitting);
    return submitting;
  }

  async #submit(order: PilotOrder): Promise<Submitted> {
    const { pilotId, pool } = order;
    const { batch, request, log } = this.#with;
    const sinceMs = this.#troubledSinceMs.get(pilotId) ?? performance.now();
    try {
      const batchJobId = await batch.submit(await request(order));
      this.#troubledSinceMs.delete(pilotId);
      log.info({ pilotId, batchJobId, pool }, 'a pilot was submitted');
      return { batchJobId };
    } catch (error) {
      log.error({ err: error, pilotId, pool }, 'a pilot was not submitted');
      const why = error instanceof Error ? error.message : String(error);
      const forMs = performance.now() - sinceMs;
      const isFinal = error instanceof DomainError && error.kind === 'invalid';
      this.#troubledSinceMs.set(pilotId, sinceMs);
      if (!isFinal && forMs < patienceMs) return null;
      this.#troubledSinceMs.delete(pilotId);
      return { givenUp: isFinal ? why : `${why} (tried for ${Math.round(forMs / 1000)} s)` };
    }
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }
}
