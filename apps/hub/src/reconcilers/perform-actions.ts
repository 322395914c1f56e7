import { randomBytes } from 'node:crypto';
import { addSeconds, type Instant } from '@interpulse/domain/time.ts';
import {
  claimActionRuns,
  freeActionsOfTheDead,
  nextAction,
  type ClaimedAction,
} from '@interpulse/store/action-runs/claim-action-runs.ts';
import { holderOf } from '@interpulse/store/hub-presence.ts';
import { callAction } from '../actions/call-action.ts';
import { performLimits } from '../actions/perform-limits.ts';
import { settleAction } from '../flow-runs/settle-action.ts';
import { topics, type Hub } from '../hub.ts';

/** Carries out deferred actions, each on its own: a slow one holds up no other. */
export interface ActionPerformer {
  /** Takes up what is due, and answers when something is due again; does not wait for its end. */
  run(): Promise<Instant | boolean | null>;
  /** Gives back what is under way; resolves when nothing is any more. */
  stop(): Promise<void>;
}

/** Carries out an action and writes down what came of it. */
async function carryOut(
  hub: Hub,
  action: ClaimedAction,
  lease: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    const outcome = await callAction(hub, action, signal);
    await settleAction(hub, action, lease, outcome);
  } catch (error) {
    // The lease ends, and it is taken up again.
    hub.log.error({ err: error, actionId: action.id }, 'an action could not be written down');
  }
}

/**
 * The performer of a hub. Actions whose hub dies are taken up by another within a moment, and when
 * the lease ends if it was cut off only.
 */
export function createActionPerformer(
  hub: Hub,
  { leaseSeconds, atOnce }: { leaseSeconds: number; atOnce: number } = performLimits,
): ActionPerformer {
  const stopped = new AbortController();
  const underWay = new Set<Promise<void>>();
  const holder = holderOf(hub.db);
  // The hub before this one, for all that is known.
  let othersAtWork = true;

  /** PostgreSQL tells nobody that a hub is gone: while others carry out something, we look. */
  const lookAgainAt = async (): Promise<Instant | null> => {
    const { at, ...others } = await nextAction(hub.db, { holder, sites: hub.agents.connected() });
    ({ othersAtWork } = others);
    if (!othersAtWork) return at;
    const soon = addSeconds(hub.now(), performLimits.lookForDeadSeconds);
    return at === null || soon < at ? soon : at;
  };

  /** Takes up as many as there is room for; whether more may be waiting that there is room for. */
  const takeUp = async (): Promise<boolean> => {
    const limit = Math.min(atOnce - underWay.size, performLimits.perClaim);
    const now = hub.now();
    const lease = randomBytes(12).toString('base64url');
    const leasedUntil = addSeconds(now, leaseSeconds);
    const sites = hub.agents.connected();
    const wanted = { now, limit, lease, leasedUntil, holder, sites };
    const claimed = await claimActionRuns(hub.db, wanted);
    for (const action of claimed) {
      const work = carryOut(hub, action, lease, stopped.signal).finally(() => {
        underWay.delete(work);
        hub.db.topics.emit([topics.actions]);
      });
      underWay.add(work);
    }
    return claimed.length === limit && underWay.size < atOnce;
  };

  return {
    async run() {
      if (stopped.signal.aborted) return null;
      if (othersAtWork) {
        const freed = await freeActionsOfTheDead(hub.db, { now: hub.now(), holder });
        if (freed > 0) hub.log.info({ freed }, 'actions of a hub that is gone are taken up');
      }
      if (underWay.size < atOnce && (await takeUp())) return true;
      // The end of one under way wakes this again; without room, nothing else helps.
      return underWay.size < atOnce ? lookAgainAt() : null;
    },
    async stop() {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}
