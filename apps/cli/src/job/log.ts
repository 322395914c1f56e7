import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import type { Context } from '../context.ts';
import { defined } from '../read-input.ts';

/** What `job log` is told. */
export interface JobLogOptions {
  id: string;
  stderr?: boolean | undefined;
  attempt?: number | undefined;
  follow?: boolean | undefined;
}

/** `job log`: the end of what a job printed; with `follow` what it prints from then on. */
export async function printJobLog(context: Context, options: JobLogOptions): Promise<void> {
  const stream = options.stderr === true ? ('stderr' as const) : ('stdout' as const);
  const ask = (more: { after?: number; wait?: number }) => {
    const query = defined({ stream, attempt: options.attempt, ...more });
    const params = { path: { jobId: options.id }, query };
    return unwrap(context.client.GET('/api/v1/jobs/{jobId}/log', { params }));
  };
  const held = (after: number) => ask({ after, wait: limits.logWaitSeconds });
  if (options.follow !== true) {
    const log = await ask({});
    context.out.document(log, () => log.text);
    return;
  }
  let log = await ask({}).catch((error: unknown) => {
    // It has not begun, and a question that is held hears of its beginning.
    if (error instanceof DomainError && error.kind === 'notFound') return held(0);
    throw error;
  });
  for (;;) {
    const { text, ended } = log;
    if (context.out.isJson) context.out.item(log, () => text);
    else process.stdout.write(text);
    if (ended && text === '') return;
    log = await held(log.next);
  }
}
