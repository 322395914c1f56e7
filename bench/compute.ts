import { printTable } from './house/figures.ts';
import { measureBulkSubmit } from './compute/bulk-submit.ts';
import { measureNoopLatency } from './compute/noop-latency.ts';
import { measureNoopThroughput } from './compute/noop-throughput.ts';
import { measurePilotKill } from './compute/pilot-kill.ts';
import { measureSimulatedDay } from './compute/simulated-day.ts';
import { measureSlurmUrgentStart } from './compute/slurm-urgent.ts';
import { measureStateReports } from './compute/state-reports.ts';

/**
 * Compute: how soon a job runs, how many run in a second, what bulk requests and reports cost, how
 * soon urgent work has a node, how soon killed work runs again, and what placing is worth.
 *
 * `-- --quick` ends within 45 s, with null for what it did not measure. One part alone:
 * `-- --only=latency` (or throughput, submit, reports, slurm, kill, day).
 */
const quick = process.argv.includes('--quick');
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);

/** Runs a part, or leaves its figures null. */
async function part<T extends object>(
  name: string,
  isLong: boolean,
  measure: () => Promise<T>,
): Promise<Partial<T>> {
  if (only === undefined ? quick && isLong : only !== name) return {};
  console.log(`… ${name}`);
  return measure();
}

const latency = await part('latency', false, () => measureNoopLatency({ quick }));
const throughput = await part('throughput', false, () => measureNoopThroughput({ quick }));
const submit = await part('submit', false, () => measureBulkSubmit({ quick }));
const reports = await part('reports', false, () => measureStateReports({ quick }));
const slurm = await part('slurm', true, () => measureSlurmUrgentStart({ quick }));
const kill = await part('kill', true, () => measurePilotKill());
const day = await part('day', false, () => measureSimulatedDay({ seeds: quick ? 1 : 100 }));

const figures = {
  noop_latency_ms_p50: latency.noop_latency_ms_p50 ?? null,
  noop_latency_ms_p99: latency.noop_latency_ms_p99 ?? null,
  noop_jobs_per_s: throughput.noop_jobs_per_s ?? null,
  spawn_ratio: throughput.spawn_ratio ?? null,
  cost_growth_ratio: throughput.cost_growth_ratio ?? null,
  bulk_submit_jobs_per_s: submit.bulk_submit_jobs_per_s ?? null,
  state_reports_per_s: reports.state_reports_per_s ?? null,
  slurm_urgent_start_s_p50: slurm.slurm_urgent_start_s_p50 ?? null,
  pilot_kill_recovery_s: kill.pilot_kill_recovery_s ?? null,
  backlog_over_round_robin: day.backlog_over_round_robin ?? null,
  finish_over_backlog: day.finish_over_backlog ?? null,
};
printTable([
  ['no-op job, submitted → seen completed, ms, p50', figures.noop_latency_ms_p50, '≤ 25'],
  ['no-op job, submitted → seen completed, ms, p99', figures.noop_latency_ms_p99, '≤ 150'],
  ['no-op jobs through one pilot of 2 cores, a second', figures.noop_jobs_per_s, '≥ 500'],
  ['the same over the bare rate of starting programs', figures.spawn_ratio, '≥ 0.5'],
  ['time of a job at 200,000 rows over that at 1,000', figures.cost_growth_ratio, '≈ 1'],
  ['jobs submitted in bulk, a second', figures.bulk_submit_jobs_per_s, '≥ 20000'],
  ['states reported, a second', figures.state_reports_per_s, '≥ 20000'],
  ['Slurm full: urgent job submitted → runs, s, p50', figures.slurm_urgent_start_s_p50, '≤ 3'],
  ['pilot killed → its jobs run again, s', figures.pilot_kill_recovery_s, '≤ 15'],
  ['pilot and agent killed → its jobs run elsewhere, s', kill.site_kill_recovery_s ?? null, ''],
  ['work by the deadline: backlog over round robin', figures.backlog_over_round_robin, '≥ 1'],
  ['work by the deadline: earliest finish over backlog', figures.finish_over_backlog, '≥ 1.1'],
]);
console.log(JSON.stringify(figures));
