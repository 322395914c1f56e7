import type { FromAgent, FromHub } from '@interpulse/api/agent-messages/session-messages.ts';
import type { Session } from '@interpulse/api/session/session.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { ForeignMapping } from '@interpulse/domain/flow/import/foreign-mapping.ts';
import { makeId, type Id, type IdPrefix } from '@interpulse/domain/id.ts';
import type { PlacementStrategy } from '@interpulse/domain/job/job.ts';
import { fromMilliseconds, type Instant } from '@interpulse/domain/time.ts';
import type { Database } from '@interpulse/store/database.ts';
import type { Transaction } from '@interpulse/store/executor.ts';
import type { StoreLog } from '@interpulse/store/store-log.ts';
import { drawRandom } from './draw-random.ts';
import type { MessageSettings } from './messages/message-settings.ts';
import { counters } from './metrics.ts';
import type { Providers } from './providers/providers.ts';
import { runHubTransaction } from './run-hub-transaction.ts';
import { createKept, type Kept } from './services/kept.ts';
import type { Ahead } from './services/ahead.ts';
import type { FireIfHeard } from './triggers/fire-triggers.ts';
import type { UntoldFirings } from './triggers/untold-firings.ts';
import { createDefinitionCache, type DefinitionCache } from './flow-runs/definition-cache.ts';
import {
  createExpectedTimesCache,
  type ExpectedTimesCache,
} from './flow-runs/expected-times-cache.ts';

/** A session with the agent of a site. */
export type AgentSession = Session<FromAgent, FromHub>;

/** A transaction that can hold words back until what they say is true. */
export interface HubTransaction extends Transaction {
  /** Runs after the commit, and not at all without one; for messages to agents. */
  afterCommit(run: () => void): void;
  /** Runs when it is over, committed or not. */
  whenOver(run: () => void): void;
  /** What was asked for before it is needed. */
  readonly ahead: Ahead;
}

/** What every part of the hub works with. */
export interface Hub {
  readonly db: Database;
  readonly log: StoreLog;
  /** Sessions that this hub holds, by site id; see `AgentSessions`. */
  readonly agents: {
    get(siteId: string): AgentSession | undefined;
    remembered(siteId: string): AgentSession | undefined;
    connected(): string[];
  };
  readonly definitions: DefinitionCache;
  readonly expectedTimes: ExpectedTimesCache;
  readonly kept: Kept;
  /** What `tellFirings` is to tell of. */
  readonly untoldFirings: UntoldFirings;
  /** How a site is chosen for jobs that do not say. */
  readonly strategy: PlacementStrategy;
  /** What ids and addresses in flows written for Globus stand for here. */
  readonly mapping: ForeignMapping;
  /** How messages reach people and programs. */
  readonly messages: MessageSettings;
  /** Action providers elsewhere. */
  readonly providers: Providers;
  /** Tells triggers of an event; a part of the context, since what they start may end at once. */
  readonly fireIfHeard: FireIfHeard;
  now(): Instant;
  newId<P extends IdPrefix>(prefix: P): Id<P>;
  /** Commits when `work` returns, then does what it left for after the commit. */
  transaction<T>(work: (tx: HubTransaction) => Promise<T>): Promise<T>;
  /** Sends to a site's agent, if its session is here; reconciling makes a lost message good. */
  tell(siteId: string, message: FromHub): boolean;
}

type Made =
  | ('definitions' | 'expectedTimes' | 'kept' | 'untoldFirings')
  | ('now' | 'newId' | 'transaction' | 'tell');

/** Puts a hub's context together. */
export function createHub(parts: Omit<Hub, Made>): Hub {
  const { db, log, agents } = parts;
  return {
    ...parts,
    definitions: createDefinitionCache(db),
    expectedTimes: createExpectedTimesCache(db),
    kept: createKept(),
    untoldFirings: new Map(),
    now: () => fromMilliseconds(Date.now()),
    newId: (prefix) => makeId(prefix, Date.now(), drawRandom(10)),
    transaction: (work) => runHubTransaction(db, work),
    tell(siteId, message) {
      const session = agents.remembered(siteId);
      if (session !== undefined && 'type' in message && message.type === 'leases') {
        counters.leases += message.jobs.length;
      }
      session?.send(message).catch((error: unknown) => {
        // Refused for good: an agent of another version, as a rule, and its work stands still.
        const isRefused = error instanceof DomainError && error.kind === 'invalid';
        const level = isRefused ? 'warn' : 'debug';
        log[level]({ err: error, siteId }, 'a message to an agent was not delivered');
      });
      return session !== undefined;
    },
  };
}

/** Topics by which the parts of the hub wake each other, in this process and in other hubs. */
export const topics = {
  queuedJobs: 'jobs.queued',
  limitedJobs: 'jobs.limited',
  transfers: 'transfers',
  flowTimers: 'flows.timers',
  flowBatches: 'flows.batches',
  webInputs: 'webInputs',
  actions: 'actions',
  notices: 'notices',
  flowRunEnds: 'flowRuns.ends',
  triggers: 'triggers',
  untoldFirings: 'triggers.untold',
  pilots: 'pilots',
  leases: (siteId: string) => `leases:${siteId}`,
  orders: (siteId: string) => `orders:${siteId}`,
  cancels: (siteId: string) => `cancels:${siteId}`,
} as const;
