import type { TriggerReport } from '@interpulse/domain/trigger/trigger.ts';
import {
  firingOutcomes,
  type FiringOutcome,
  type TriggerFiring,
} from '@interpulse/domain/trigger/trigger-firing.ts';
import { Conditions } from '../conditions.ts';
import type { Executor } from '../executor.ts';

/** What triggers did lately, as it is told with them. */
export type TriggerActivity = Pick<
  TriggerReport,
  'counts' | 'lastFiredAt' | 'lastProblem' | 'lastFirings'
>;

const columns = `f.trigger_name as trigger, f.key, f.summary, f.outcome, f.reason,
  f.flow_run_id as "flowRunId", f.repeats, f.at`;

/** What each of these triggers did since `since`, with its newest events. */
export async function triggerActivity(
  db: Executor,
  triggers: readonly string[],
  since: string,
  newest: number,
): Promise<Map<string, TriggerActivity>> {
  const [counts, firings, ends] = await Promise.all([
    db.query<{ trigger: string; outcome: FiringOutcome; count: number; repeats: number }>(
      // Refused deliveries are counted in one row an hour.
      `select trigger_name as trigger, outcome, sum(case when outcome = 'refused'
           then 1 + repeats else 1 end)::integer as count,
         sum(case when outcome = 'refused' then 0 else repeats end)::integer as repeats
       from trigger_firings where trigger_name = any($1) and at >= $2::timestamptz
       group by trigger_name, outcome`,
      [[...triggers], since],
    ),
    db.query<TriggerFiring>(
      `select f.* from unnest($1::text[]) as t(name), lateral (
         select ${columns} from trigger_firings f where f.trigger_name = t.name
         order by f.at desc, f.sequence desc limit $2) f`,
      [[...triggers], newest],
    ),
    db.query<{ trigger: string; outcome: FiringOutcome; reason: string | null; at: string }>(
      `select f.* from unnest($1::text[]) as t(name), unnest(array['fired', 'failed']) as o(which),
       lateral (select f.trigger_name as trigger, f.outcome, f.reason, f.at
         from trigger_firings f where f.trigger_name = t.name and f.outcome = o.which
         order by f.at desc limit 1) f`,
      [[...triggers]],
    ),
  ]);
  const found = new Map(triggers.map((name) => [name, emptyActivity()]));
  for (const { trigger, outcome, count, repeats } of counts) {
    const known = found.get(trigger)?.counts;
    if (known === undefined) continue;
    known[outcome] = count;
    known.repeats += repeats;
  }
  for (const firing of firings) found.get(firing.trigger)?.lastFirings.push(firing);
  for (const [name, activity] of found) {
    const fired = ends.find((end) => end.trigger === name && end.outcome === 'fired');
    const failed = ends.find((end) => end.trigger === name && end.outcome === 'failed');
    activity.lastFiredAt = fired?.at ?? null;
    if (failed !== undefined && (fired === undefined || failed.at >= fired.at)) {
      activity.lastProblem = { at: failed.at, reason: failed.reason ?? 'it could not start' };
    }
  }
  return found;
}

function emptyActivity(): TriggerActivity {
  const zeros = Object.fromEntries(firingOutcomes.map((outcome) => [outcome, 0]));
  return {
    counts: { ...(zeros as Record<FiringOutcome, number>), repeats: 0 },
    lastFiredAt: null,
    lastProblem: null,
    lastFirings: [],
  };
}

/** Events at a trigger, newest first; `before` is the cursor of the page before. */
export async function listFirings(
  db: Executor,
  filter: {
    trigger: string;
    outcome?: FiringOutcome | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<(TriggerFiring & { cursor: string })[]> {
  const conditions = new Conditions();
  conditions.add('f.trigger_name = ?', filter.trigger);
  conditions.add('f.outcome = ?', filter.outcome);
  conditions.add('f.sequence < ?::bigint', filter.before);
  const limit = conditions.parameter(filter.limit);
  return db.query(
    `select ${columns}, f.sequence::text as cursor from trigger_firings f ${conditions.where}
     order by f.sequence desc limit ${limit}`,
    conditions.values,
  );
}
