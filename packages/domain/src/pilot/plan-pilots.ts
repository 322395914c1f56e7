import { secondsBetween, type Instant } from '../time.ts';
import type { Pool } from '../site/site.ts';
import type { PilotState } from './pilot.ts';

/** What the decision sees of one pilot. */
export interface PilotSeen {
  id: string;
  state: PilotState;
  busyCores: number;
  idleSinceAt: Instant | null;
}

/** What the decision sees of one site. */
export interface PilotNeeds {
  pool: Pool;
  pilots: PilotSeen[];
  /** Cores asked for by jobs that are placed, staging or ready here. */
  backlogCores: number;
  coresPerPilot: number;
  open: boolean;
}

/** How many pilots to submit, and which to let go, with the reason for people. */
export interface PilotPlan {
  submit: number;
  release: string[];
  reason: string;
}

/**
 * Decides how many pilots a site wants: enough for the backlog, at least `minWarm`, at most
 * `maxPilots`; idle ones above the wanted number leave after `idleSeconds`.
 */
export function planPilots(needs: PilotNeeds, now: Instant): PilotPlan {
  const living = needs.pilots.filter((pilot) => pilot.state !== 'ended' && pilot.state !== 'lost');
  if (!needs.open) {
    return { submit: 0, release: idle(living).map((pilot) => pilot.id), reason: 'site is closed' };
  }
  const busyCores = living.reduce((sum, pilot) => sum + pilot.busyCores, 0);
  const forBacklog = Math.ceil((busyCores + needs.backlogCores) / Math.max(1, needs.coresPerPilot));
  const wanted = Math.min(needs.pool.maxPilots, Math.max(needs.pool.minWarm, forBacklog));
  if (living.length < wanted) {
    const reason =
      forBacklog > needs.pool.minWarm
        ? `${needs.backlogCores} cores wait, ${living.length} pilots run`
        : 'kept warm';
    return { submit: wanted - living.length, release: [], reason };
  }
  const stale = idle(living)
    .filter((pilot) => secondsBetween(pilot.idleSinceAt ?? now, now) >= needs.pool.idleSeconds)
    .slice(0, living.length - wanted);
  return {
    submit: 0,
    release: stale.map((pilot) => pilot.id),
    reason: stale.length > 0 ? `idle for ${needs.pool.idleSeconds} s` : 'as many as wanted',
  };
}

function idle(pilots: PilotSeen[]): PilotSeen[] {
  return pilots.filter((pilot) => pilot.state === 'running' && pilot.busyCores === 0);
}
