import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatDuration, formatSpan } from '../format/duration.ts';
import { formatBytes } from '../format/quantity.ts';
import { DeadlineText } from '../parts/deadline-text.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { AgeText, TimeText } from '../parts/time-text.tsx';

/** A job in names and values. */
export function JobFacts(props: { job: Schemas['Job'] }) {
  const { job } = props;
  return (
    <FactList
      facts={[
        { name: 'State', value: <StatusMark status={job.state} /> },
        { name: 'Since', value: <AgeText at={job.stateSinceAt} /> },
        { name: 'App', value: job.app ?? 'plain command' },
        {
          name: 'Site',
          value: job.siteName && (
            <Link to="/sites/$site" params={{ site: job.siteName }}>
              {job.siteName}
            </Link>
          ),
        },
        { name: 'Asked for', value: wishWords(job.site) },
        { name: 'Resources', value: resourceWords(job.resources) },
        {
          name: 'Deadline',
          value: job.deadlineAt && (
            <DeadlineText
              at={job.deadlineAt}
              endedAt={job.endedAt}
              hasFailed={job.state === 'failed' || job.state === 'canceled'}
            />
          ),
        },
        { name: 'Urgency', value: job.urgency },
        { name: 'Owner', value: `${job.owner}, project ${job.project}` },
        {
          name: 'Flow run',
          value: job.flowRunId && (
            <Link to="/flow-runs/$flowRunId" params={{ flowRunId: job.flowRunId }}>
              open
            </Link>
          ),
        },
        { name: 'Submitted', value: <TimeText at={job.createdAt} /> },
        { name: 'Started', value: job.startedAt && <TimeText at={job.startedAt} /> },
        { name: 'Ended', value: job.endedAt && <TimeText at={job.endedAt} /> },
        { name: 'Exit code', value: job.exitCode === null ? null : String(job.exitCode) },
        { name: 'Used', value: job.usage && usageWords(job.usage) },
        { name: 'Id', value: <span className="ip-mono">{job.id}</span> },
      ]}
    />
  );
}

function wishWords(wish: Schemas['Job']['site']): string {
  if (wish === 'any') return 'any site';
  return Array.isArray(wish) ? wish.join(' or ') : wish;
}

function resourceWords(resources: Schemas['Job']['resources']): string {
  const { nodes, cores, gpus, memoryBytes, walltimeSeconds } = resources;
  return [
    nodes > 1 ? `${nodes} nodes of ${cores} cores` : `${cores} ${cores === 1 ? 'core' : 'cores'}`,
    gpus > 0 ? `${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}` : '',
    memoryBytes > 0 ? formatBytes(memoryBytes) : '',
    walltimeSeconds > 0 ? `up to ${formatSpan(walltimeSeconds)}` : '',
  ]
    .filter((word) => word !== '')
    .join(', ');
}

function usageWords(usage: NonNullable<Schemas['Job']['usage']>): string {
  const words = [`${formatDuration(usage.wallSeconds)} wall`];
  if (usage.cpuSeconds !== null) words.push(`${formatDuration(usage.cpuSeconds)} CPU`);
  if (usage.peakMemoryBytes !== null) words.push(`${formatBytes(usage.peakMemoryBytes)} memory`);
  return words.join(', ');
}
