import type { PilotReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { PilotState } from '@interpulse/domain/pilot/pilot.ts';
import type { Executor } from '../executor.ts';
import { jsonb } from '../jsonb.ts';
import { statement } from '../statement.ts';

/** A pilot whose row a report changed. */
export interface ReportedPilot {
  id: string;
  pool: string;
  event: PilotReport['event'];
  state: PilotState;
  wasState: PilotState;
  reason: string | null;
  /** False when it ended before it ever ran. */
  hasRun: boolean;
}

/**
 * One report of each pilot. What a pilot's state does not allow is passed over: a late `submitted`
 * of one that runs, anything of one that has ended. A preempted pilot is submitted again and has no
 * nodes. What it waited for in the queue is learned when it starts.
 */
const reportPilots = statement<ReportedPilot, [string, string]>(
  'report_pilots',
  `with r as (
      select * from jsonb_to_recordset($1::jsonb) as r(pilot_id text, event text, at timestamptz,
        batch_job_id text, host text, nodes jsonb, expected_at timestamptz, ends_at timestamptz,
        reason text, nodes_left integer, cores integer, node_cores integer, node_gpus integer,
        node_memory_bytes bigint)),
    was as (
      select p.id, p.state, p.reason, p.cores, p.expected_at, p.ends_at,
        coalesce(p.submitted_at, p.created_at) as waits_since
      from pilots p join r on r.pilot_id = p.id
      where p.site_id = $2 and case p.state
        when 'wanted' then r.event <> 'preempted'
        when 'submitted' then r.event <> 'preempted'
        when 'running' then r.event <> 'submitted' else false end
      for update of p),
    changed as (
      update pilots p set
        state = case r.event when 'preempted' then 'submitted' else r.event end,
        batch_job_id = coalesce(r.batch_job_id, p.batch_job_id),
        reason = case when r.event = 'running' then r.reason else coalesce(r.reason, p.reason) end,
        expected_at = case when r.event in ('submitted', 'preempted') then r.expected_at end,
        submitted_at = case r.event when 'submitted' then coalesce(p.submitted_at, r.at)
          when 'preempted' then r.at else p.submitted_at end,
        preemptions = p.preemptions + case r.event when 'preempted' then 1 else 0 end,
        host = case r.event when 'preempted' then null else coalesce(r.host, p.host) end,
        node_list = case when r.event = 'preempted' then '[]' when r.nodes = '[]' then p.node_list
          else r.nodes end,
        cores = case when r.event = 'preempted' then 0 when r.cores > 0 then r.cores
          else p.cores end,
        nodes = case when r.nodes_left > 0 then r.nodes_left else p.nodes end,
        node_cores = case when r.cores > 0 then r.node_cores else p.node_cores end,
        node_gpus = case when r.cores > 0 then r.node_gpus else p.node_gpus end,
        node_memory_bytes = case when r.cores > 0 then r.node_memory_bytes
          else p.node_memory_bytes end,
        started_at = case r.event when 'running' then coalesce(p.started_at, r.at)
          when 'preempted' then null else p.started_at end,
        ends_at = case r.event when 'preempted' then null else coalesce(r.ends_at, p.ends_at) end,
        idle_since_at = case r.event when 'running' then
            case when was.state = 'running' then p.idle_since_at else r.at end
          when 'preempted' then null else p.idle_since_at end,
        ended_at = case when r.event in ('ended', 'lost') then r.at end
      from r join was on was.id = r.pilot_id where p.id = r.pilot_id
      returning p.id, p.pool, r.event, p.state, was.state as was_state, p.reason, p.site_id,
        p.host, p.cores, r.at, p.started_at is not null or p.preemptions > 0 as has_run,
        greatest(0, extract(epoch from r.at - was.waits_since)) as waited,
        was.state <> p.state or was.cores <> p.cores or was.reason is distinct from p.reason
          or was.expected_at is distinct from p.expected_at
          -- It takes nothing more. Another telling of the same end differs by less.
          or p.ends_at < was.ends_at - interval '1 second' as differs),
    history as (
      insert into events (at, kind, subject_type, subject_id, data)
      select at, 'pilot.' || event, 'pilot', id, jsonb_strip_nulls(jsonb_build_object(
        'siteId', site_id, 'pool', pool, 'host', host, 'reason', reason, 'cores', cores))
      from changed where differs),
    learned as (
      insert into pools as o (site_id, name, queue_waits, queue_wait_seconds)
      select site_id, pool, count(*)::int, avg(waited)::float8 from changed
      where state = 'running' and was_state <> 'running' group by site_id, pool
      on conflict (site_id, name) do update set queue_waits = o.queue_waits + excluded.queue_waits,
        queue_wait_seconds = coalesce(o.queue_wait_seconds, 0)
          + (excluded.queue_wait_seconds - coalesce(o.queue_wait_seconds, 0))
          * greatest(0.25, 1.0 / (o.queue_waits + excluded.queue_waits)))
   select id, pool, event, state, was_state as "wasState", reason, has_run as "hasRun"
   from changed where differs`,
);

/** Applies what an agent says of its site's pilots, in its order; answers those that changed. */
export async function applyPilotReports(
  tx: Executor,
  siteId: string,
  reports: readonly PilotReport[],
): Promise<ReportedPilot[]> {
  const changed: ReportedPilot[] = [];
  for (const round of inRounds(reports)) {
    changed.push(...(await tx.run(reportPilots, jsonb(round.map(rowOf)), siteId)));
  }
  return changed;
}

/** A statement changes a row once: further words of the same pilot go with the next one. */
function inRounds(reports: readonly PilotReport[]): PilotReport[][] {
  const rounds: PilotReport[][] = [];
  const said = new Map<string, number>();
  for (const report of reports) {
    const round = said.get(report.pilotId) ?? 0;
    said.set(report.pilotId, round + 1);
    (rounds[round] ??= []).push(report);
  }
  return rounds;
}

function rowOf({ nodes, ...report }: PilotReport) {
  const least = (value: (node: PilotReport['nodes'][number]) => number): number =>
    nodes.length === 0 ? 0 : Math.min(...nodes.map(value));
  return {
    pilot_id: report.pilotId,
    event: report.event,
    at: report.at,
    batch_job_id: report.batchJobId,
    host: report.host,
    nodes,
    expected_at: report.expectedAt,
    ends_at: report.endsAt,
    reason: report.reason,
    nodes_left: nodes.length,
    cores: nodes.reduce((sum, node) => sum + node.cores, 0),
    node_cores: least((node) => node.cores),
    node_gpus: least((node) => node.gpus),
    node_memory_bytes: least((node) => node.memoryBytes),
  };
}
