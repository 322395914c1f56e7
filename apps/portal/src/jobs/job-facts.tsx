import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatDuration } from '../format/duration.ts';
import { formatBytes } from '../format/quantity.ts';
import { resourceWords, retryWords } from '../format/resource-words.ts';
import { DeadlineText } from '../parts/deadline-text.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { TimeText } from '../parts/time-text.tsx';

type Job = Schemas['Job'];

/** A job in names and values. */
export function JobFacts(props: { job: Job }) {
  const { job } = props;
  return (
    <FactList
      facts={[
        { name: 'App', value: <AppLink job={job} /> },
        { name: 'Site', value: job.siteName && <SiteLink name={job.siteName} /> },
        ...wishFacts(job),
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
        { name: 'Next attempt', value: job.notBeforeAt && <TimeText at={job.notBeforeAt} /> },
        { name: 'After an error', value: retryWords(job.onError) },
        { name: 'Out of time', value: retryWords(job.onTimeout) },
        { name: 'Restartable', value: job.restartable ? 'goes on where it stopped' : null },
        {
          name: 'May submit jobs',
          value: job.mayUseHub ? (
            <Link to="/jobs" search={{ createdBy: job.id }}>
              what it submitted
            </Link>
          ) : null,
        },
        { name: 'Environment', value: environmentWords(job.environment) },
        { name: 'Owner', value: `${job.owner}, project ${job.project}` },
        {
          name: 'Flow run',
          value: job.flowRunId && (
            <Link to="/flow-runs/$flowRunId" params={{ flowRunId: job.flowRunId }}>
              open
            </Link>
          ),
        },
        { name: 'Tags', value: tagWords(job.tags) },
        { name: 'Exit code', value: job.exitCode === null ? null : String(job.exitCode) },
        { name: 'Used', value: job.usage && usageWords(job.usage) },
        { name: 'Id', value: <span className="ip-mono">{job.id}</span> },
      ]}
    />
  );
}

/** What was asked for. */
function wishFacts(job: Job) {
  return [
    { name: 'Asked for', value: wishWords(job.site) },
    { name: 'Resources', value: resourceWords(job.resources) },
    {
      name: 'Urgency',
      value: job.priority === 0 ? job.urgency : `${job.urgency}, priority ${job.priority}`,
    },
    { name: 'Allocation', value: job.allocation },
    { name: 'Placed by', value: job.placement && placementWords[job.placement] },
    { name: 'Returns to', value: job.returnTo },
  ];
}

const placementWords = {
  earliestFinish: 'earliest finish',
  shortestBacklog: 'shortest backlog',
  roundRobin: 'turns',
} as const;

function AppLink(props: { job: Job }) {
  const { app } = props.job;
  if (app === null) return 'plain command';
  return (
    <Link to="/apps/$app" params={{ app }}>
      {app}
    </Link>
  );
}

function SiteLink(props: { name: string }) {
  return (
    <Link to="/sites/$site" params={{ site: props.name }}>
      {props.name}
    </Link>
  );
}

function wishWords(wish: Job['site']): string {
  if (wish === 'any') return 'any site';
  if (typeof wish === 'string') return wish;
  return Array.isArray(wish) ? wish.join(' or ') : `a site labelled ${wish.label}`;
}

function environmentWords(environment: Job['environment']): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function tagWords(tags: Job['tags']): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
}

function usageWords(usage: NonNullable<Job['usage']>): string {
  const words = [`${formatDuration(usage.wallSeconds)} wall`];
  if (usage.cpuSeconds !== null) words.push(`${formatDuration(usage.cpuSeconds)} CPU`);
  if (usage.peakMemoryBytes !== null) words.push(`${formatBytes(usage.peakMemoryBytes)} memory`);
  return words.join(', ');
}
