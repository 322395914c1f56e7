import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { inWords, pairsInWords } from '../output/in-words.ts';
import { bytes, duration, localTime, span } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';

/** `job show`. */
export async function showJob(context: Context, jobId: string): Promise<void> {
  const params = { path: { jobId } };
  const found = await unwrap(context.client.GET('/api/v1/jobs/{jobId}', { params }));
  context.out.document(found, () => {
    const { job, attempts } = found;
    // Of a job that was canceled, only the attempt says it: it ended after the job.
    const usage = job.usage ?? attempts.at(-1)?.usage;
    const fields = renderFields([
      ['job', job.id],
      ['what', job.app ?? plainCommand(job)],
      ['label', job.label],
      ['state', job.state],
      ['reason', job.reason],
      ['site', job.siteName],
      ['project', job.project],
      ['urgency', job.priority === 0 ? job.urgency : `${job.urgency}, priority ${job.priority}`],
      ['asks for', askedFor(job)],
      ['ensemble', job.ensembleId],
      ...Object.entries(job.parameters).map(
        ([name, value]) => [`parameter ${name}`, inWords(value)] as const,
      ),
      ['tags', pairsInWords(job.tags)],
      ['after', job.parents.join(', ')],
      ['submitted by', job.createdByJobId ?? job.owner],
      ['not before', job.notBeforeAt === null ? null : localTime(job.notBeforeAt, context.nowAt)],
      ['deadline', localTime(job.deadlineAt, context.nowAt)],
      ['created', localTime(job.createdAt, context.nowAt)],
      ['ran', span(job.startedAt, job.endedAt, context.nowAt)],
      ['exit code', job.exitCode],
      ['CPU time', duration(usage?.cpuSeconds ?? null)],
      ['peak memory', bytes(usage?.peakMemoryBytes ?? null)],
      ...Object.entries(job.inputs).map(([name, at]) => [`input ${name}`, at] as const),
      ...job.outputs.map(
        ({ name, location, sizeBytes }) =>
          [`output ${name}`, `${location} (${bytes(sizeBytes)})`] as const,
      ),
    ]);
    const table = renderTable({
      columns: ['attempt', 'site', 'host', 'user', 'ran', 'outcome', 'exit code', 'reason'],
      rows: attempts.map((attempt) => [
        attempt.number,
        attempt.siteName,
        attempt.hosts.length > 1 ? attempt.hosts.join(' ') : attempt.host,
        attempt.user,
        span(attempt.startedAt, attempt.endedAt, context.nowAt),
        attempt.outcome ?? 'runs',
        attempt.exitCode,
        attempt.reason,
      ]),
      empty: 'no attempts yet',
    });
    return `${fields}\n\n${table}`;
  });
}

/** As it was typed: braces of a plain command are doubled for the hub. */
function plainCommand({ command }: Schemas['Job']): string {
  return command
    .flat()
    .join(' ')
    .replaceAll(/([{}])\1/g, '$1');
}

function askedFor({ resources }: Schemas['Job']): string {
  const { nodes, ranksPerNode, cores, gpus, memoryBytes, walltimeSeconds } = resources;
  return [
    nodes === 1 ? null : `${nodes} nodes with`,
    ranksPerNode === 1 ? null : `${ranksPerNode} ranks on`,
    cores === 1 ? '1 core' : `${cores} cores`,
    gpus === 0 ? null : `${gpus} GPU`,
    memoryBytes === 0 ? null : bytes(memoryBytes),
    `for ${duration(walltimeSeconds)}`,
  ]
    .filter((part) => part !== null)
    .join(' ');
}

/** `job explain`. */
export async function explainJob(context: Context, jobId: string): Promise<void> {
  const params = { path: { jobId } };
  const found = await unwrap(context.client.GET('/api/v1/jobs/{jobId}/explain', { params }));
  context.out.document(found, () => {
    const table = renderTable({
      columns: ['site', 'transfer', 'wait', 'run', 'return', 'in time', 'refused because'],
      rows: found.sites.map(({ siteName, estimate, refusal }) => [
        siteName,
        duration(estimate?.transferSeconds ?? null),
        duration(estimate?.waitSeconds ?? null),
        duration(estimate?.runSeconds ?? null),
        duration(estimate?.returnSeconds ?? null),
        estimate === null ? null : estimate.inTime ? 'yes' : 'no',
        refusal,
      ]),
      empty: '',
    });
    const unblock = found.unblock === null ? '' : `\n${found.unblock}`;
    return `${found.summary}${unblock}${table === '' ? '' : `\n\n${table}`}`;
  });
}
