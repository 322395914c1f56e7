import { readCounts } from '@interpulse/store/read-counts.ts';
import type { Hub } from './hub.ts';

/** Counts of this process; they begin at 0 when it starts, as Prometheus expects. */
export const counters = { httpRequests: 0 };

/** The hub's figures in Prometheus' text format. */
export async function writeMetrics(hub: Hub): Promise<string> {
  const counts = await readCounts(hub.db);
  const cpu = process.cpuUsage();
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const lines = [
    ...metric('interpulse_http_requests_total', 'counter', 'HTTP requests of every kind', {
      '': counters.httpRequests,
    }),
    ...metric('process_cpu_seconds_total', 'counter', 'CPU time of the hub', { '': cpuSeconds }),
    ...metric('process_resident_memory_bytes', 'gauge', 'Memory of the hub', {
      '': process.memoryUsage.rss(),
    }),
    ...metric(
      'interpulse_jobs',
      'gauge',
      'Jobs that have not ended, by state',
      counts.jobs,
      'state',
    ),
    ...metric('interpulse_pilots', 'gauge', 'Pilots alive, by site', counts.pilots, 'site'),
    ...metric('interpulse_sites_up', 'gauge', 'Whether a site is heard of', counts.sites, 'site'),
    ...metric(
      'interpulse_flow_runs',
      'gauge',
      'Flow runs that have not ended',
      counts.flowRuns,
      'status',
    ),
    ...metric(
      'interpulse_transfers',
      'gauge',
      'Transfers that have not ended',
      counts.transfers,
      'state',
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: Record<string, number>,
  label = '',
): string[] {
  const samples = Object.entries(values).map(([key, value]) =>
    label === '' ? `${name} ${value}` : `${name}{${label}=${JSON.stringify(key)}} ${value}`,
  );
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples];
}
