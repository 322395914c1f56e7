import { setTimeout as delay } from 'node:timers/promises';
import type { FromAgent } from '@interpulse/api/agent-messages/session-messages.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { AgentLog } from '../agent-log.ts';
import type { HubSession } from './connect-hub.ts';

/** Resolves when the hub has a message; rejects when the hub refuses it for good. */
export type Tell = (message: FromAgent) => Promise<void>;

const pauses = { firstMs: 200, capMs: 5_000 };

/**
 * Tells the hub something that must not be lost, again and again while the hub cannot take it (its
 * database is away, the queue is full). Resolves when the hub has it; stays open for ever once the
 * session is over, because then nobody will have it: who waits must not believe it told.
 *
 * @throws DomainError when the hub refuses it for good.
 */
export async function tellHub(
  session: HubSession,
  message: FromAgent,
  log: AgentLog,
): Promise<void> {
  for (let pauseMs = pauses.firstMs; ; pauseMs = Math.min(pauseMs * 2, pauses.capMs)) {
    try {
      await session.send(message);
      return;
    } catch (error) {
      if (session.state.status === 'ended') return new Promise(() => undefined);
      const isPassing =
        error instanceof DomainError && ['unavailable', 'exhausted'].includes(error.kind);
      if (!isPassing) throw error;
      log.warn({ err: error }, 'the hub could not take a message; it is sent again');
      await delay(pauseMs);
    }
  }
}
