import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { bytes, duration, localTime, span } from '../output/quantities.ts';
import { renderFields, renderTable } from '../output/render-table.ts';
import { defined } from '../read-input.ts';

/** `job show`. */
export async function showJob(context: Context, jobId: string): Promise<void> {
  const params = { path: { jobId } };
  const found = await unwrap(context.client.GET('/api/v1/jobs/{jobId}', { params }));
  context.out.document(found, () => {
    const { job, attempts } = found;
    const fields = renderFields([
      ['job', job.id],
      ['what', job.app ?? job.command.flat().join(' ')],
      ['label', job.label],
      ['state', job.state],
      ['reason', job.reason],
      ['site', job.siteName],
      ['project', job.project],
      ['urgency', job.urgency],
      ['deadline', localTime(job.deadlineAt, context.nowAt)],
      ['created', localTime(job.createdAt, context.nowAt)],
      ['ran', span(job.startedAt, job.endedAt, context.nowAt)],
      ['exit code', job.exitCode],
      ['peak memory', bytes(job.usage?.peakMemoryBytes ?? null)],
      ...Object.entries(job.inputs).map(([name, at]) => [`input ${name}`, at] as const),
      ...job.outputs.map(({ name, location }) => [`output ${name}`, location] as const),
    ]);
    const table = renderTable({
      columns: ['attempt', 'site', 'host', 'ran', 'outcome', 'exit code', 'reason'],
      rows: attempts.map((attempt) => [
        attempt.number,
        attempt.siteName,
        attempt.host,
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

/** `job explain`. */
export async function explainJob(context: Context, jobId: string): Promise<void> {
  const params = { path: { jobId } };
  const found = await unwrap(context.client.GET('/api/v1/jobs/{jobId}/explain', { params }));
  context.out.document(found, () => {
    const table = renderTable({
      columns: ['site', 'transfer', 'wait', 'run', 'in time', 'refused because'],
      rows: found.sites.map(({ siteName, estimate, refusal }) => [
        siteName,
        duration(estimate?.transferSeconds ?? null),
        duration(estimate?.waitSeconds ?? null),
        duration(estimate?.runSeconds ?? null),
        estimate === null ? null : estimate.inTime ? 'yes' : 'no',
        refusal,
      ]),
      empty: '',
    });
    const unblock = found.unblock === null ? '' : `\n${found.unblock}`;
    return `${found.summary}${unblock}${table === '' ? '' : `\n\n${table}`}`;
  });
}

/** What `job log` is told. */
export interface JobLogOptions {
  id: string;
  stderr?: boolean | undefined;
  attempt?: number | undefined;
}

/** `job log`. */
export async function printJobLog(context: Context, options: JobLogOptions): Promise<void> {
  const stream = options.stderr === true ? ('stderr' as const) : ('stdout' as const);
  const query = defined({ stream, attempt: options.attempt });
  const params = { path: { jobId: options.id }, query };
  const log = await unwrap(context.client.GET('/api/v1/jobs/{jobId}/log', { params }));
  context.out.document(log, () => log.text);
}

/** `job cancel`. */
export async function cancelJob(context: Context, jobId: string): Promise<void> {
  const params = { path: { jobId } };
  const job = await unwrap(context.client.POST('/api/v1/jobs/{jobId}/cancel', { params }));
  context.out.document(job, () => `${job.id} is ${job.state}`);
}
