import { limits } from '@interpulse/domain/limits.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { startBenchHub } from './start-bench-hub.ts';

/** Requests that are under way at a time. */
const atOnce = 2;

/**
 * Jobs that are accepted in a second: 10,000 a request, each with parameters that are checked
 * against the app's schema, written with its event to a PostgreSQL server.
 */
export async function measureBulkSubmit({
  quick,
}: {
  quick: boolean;
}): Promise<{ bulk_submit_jobs_per_s: number }> {
  const hub = await startBenchHub({ database: 'server' });
  try {
    const number = { type: 'integer', minimum: 0 };
    const parameters = { type: 'object', properties: { n: number }, required: ['n'] };
    const body = { command: ['true', '{n}'], parameters };
    const path = { app: 'numbered' };
    await unwrap(hub.client.PUT('/api/v1/apps/{app}', { params: { path }, body }));
    const requests = Array.from({ length: quick ? 4 : 16 }, (_, index) => requestBody(index));
    await submit(hub, requestBody(-1));
    const startedMs = performance.now();
    const left = requests.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const request of left) await submit(hub, request);
      }),
    );
    const seconds = (performance.now() - startedMs) / 1000;
    return { bulk_submit_jobs_per_s: (requests.length * limits.jobsPerSubmit) / seconds };
  } finally {
    await hub.end();
  }
}

function requestBody(request: number): string {
  const jobs = Array.from({ length: limits.jobsPerSubmit }, (_, n) => ({
    label: `point ${request}.${n}`,
    parameters: { n },
  }));
  const common = { app: 'numbered', tags: { scan: `${request}` } };
  return JSON.stringify({ common, ensemble: { label: `scan ${request}` }, jobs });
}

async function submit({ url, token }: { url: string; token: string }, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1/jobs`, { method: 'POST', headers, body });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`the hub answered ${answer.status}: ${text}`);
}

if (import.meta.main) {
  console.log(await measureBulkSubmit({ quick: process.argv.includes('--quick') }));
}
