import { readCounts, type Counts } from '@interpulse/store/read-counts.ts';
import type { Hub } from './hub.ts';

/** Counts of this process; they begin at 0 when it starts, as Prometheus expects. */
export const counters = { httpRequests: 0, leases: 0 };

/** The hub's figures in Prometheus' text format. */
export async function writeMetrics(hub: Hub): Promise<string> {
  const lines = [...describeProcess(), ...describeWork(await readCounts(hub.db))];
  return `${lines.join('\n')}\n`;
}

function describeProcess(): string[] {
  const cpu = process.cpuUsage();
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const requests = alone(counters.httpRequests);
  const memory = alone(process.memoryUsage.rss());
  return [
    ...metric('interpulse_http_requests_total', 'counter', 'HTTP requests of every kind', requests),
    ...metric('interpulse_leases_total', 'counter', 'Attempts given out', alone(counters.leases)),
    ...metric('process_cpu_seconds_total', 'counter', 'CPU time of the hub', alone(cpuSeconds)),
    ...metric('process_resident_memory_bytes', 'gauge', 'Memory of the hub', memory),
  ];
}

function describeWork(counts: Counts): string[] {
  const pilots = counts.pilots.map(({ count, ...labels }): Sample => [labels, count]);
  const waits = counts.queueWaits.map(({ seconds, ...labels }): Sample => [labels, seconds]);
  const jobs = by('state', counts.jobs);
  const sites = by('site', counts.sites);
  const runs = by('status', counts.flowRuns);
  const transfers = by('state', counts.transfers);
  return [
    ...metric('interpulse_jobs', 'gauge', 'Jobs that have not ended, by state', jobs),
    ...metric('interpulse_pilots', 'gauge', 'Pilots alive, by site, pool and state', pilots),
    ...metric('interpulse_pool_queue_wait_seconds', 'gauge', 'What pilots wait, as seen', waits),
    ...metric('interpulse_sites_up', 'gauge', 'Whether a site is heard of', sites),
    ...metric('interpulse_flow_runs', 'gauge', 'Flow runs that have not ended', runs),
    ...metric('interpulse_transfers', 'gauge', 'Transfers that have not ended', transfers),
  ];
}

type Sample = [labels: Record<string, string>, value: number];

function alone(value: number): Sample[] {
  return [[{}, value]];
}

function by(label: string, values: Record<string, number>): Sample[] {
  return Object.entries(values).map(([name, value]) => [{ [label]: name }, value]);
}

function metric(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  samples: readonly Sample[],
): string[] {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
    return pairs.length === 0 ? `${name} ${value}` : `${name}{${pairs.join(',')}} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}
