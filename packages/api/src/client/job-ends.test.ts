import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { createClient } from './create-client.ts';
import { JobEnds } from './job-ends.ts';

/** Holds questions as the hub does; jobs end when the test says so. */
class HoldingHub {
  readonly ended = new Set<string>();
  readonly refused = new Map<string, number>();
  readonly questions: string[][] = [];
  held = 0;
  mostHeld = 0;
  #waiting = new Set<() => void>();

  readonly client = createClient({
    baseUrl: 'http://hub.example',
    fetch: (request) => this.#answer(request),
  });

  end(...ids: string[]): void {
    for (const id of ids) this.ended.add(id);
    for (const wake of this.#waiting) wake();
  }

  async #answer(request: Request): Promise<Response> {
    const { jobIds } = (await request.json()) as { jobIds: string[] };
    this.questions.push(jobIds);
    const refusal = jobIds.map((id) => this.refused.get(id)).find(Boolean);
    if (refusal !== undefined) return Response.json({ detail: 'no' }, { status: refusal });
    this.held += 1;
    this.mostHeld = Math.max(this.mostHeld, this.held);
    try {
      await new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (jobIds.some((id) => this.ended.has(id))) resolve();
        };
        this.#waiting.add(look);
        request.signal.addEventListener('abort', () => reject(new Error('aborted')));
        look();
      });
    } finally {
      this.held -= 1;
    }
    const ended = jobIds.filter((id) => this.ended.has(id)).map((id) => ({ id }));
    return Response.json({ ended });
  }
}

const names = (count: number) => Array.from({ length: count }, (_, n) => `job_${n}`);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('jobs that come one by one are held by few questions, and each end is heard', async () => {
  const hub = new HoldingHub();
  const ends = new JobEnds(hub.client);
  const watched = [];
  for (const id of names(300)) {
    watched.push(ends.watch(id));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(hub.mostHeld <= Math.log2(300) + 1, `${hub.mostHeld} were held at a time`);
  const sent = hub.questions.reduce((sum, ids) => sum + ids.length, 0);
  assert.ok(sent <= 300 * (Math.log2(300) + 1), `${sent} ids were sent`);
  hub.end(...names(300));
  assert.deepEqual(
    (await Promise.all(watched)).map(({ id }) => id),
    names(300),
  );
});

test('a new job is heard of while others are waited for; no question is too large', async () => {
  const hub = new HoldingHub();
  const ends = new JobEnds(hub.client);
  const many = names(2500).map((id) => ends.watch(id));
  await until(() => hub.questions.flat().length >= 2500);
  assert.ok(hub.questions.every((ids) => ids.length <= 1000));
  const fresh = ends.watch('job_new');
  assert.equal(ends.watch('job_new'), fresh, 'who asks twice is answered by one question');
  hub.end('job_new');
  assert.equal((await fresh).id, 'job_new');
  hub.end(...names(2500));
  await Promise.all(many);
});

test('a hub that is away costs no end, a job that is gone takes no other along', async () => {
  const hub = new HoldingHub();
  const ends = new JobEnds(hub.client);
  hub.refused.set('job_7', 503);
  const watched = names(20).map((id) => ends.watch(id));
  await until(() => hub.questions.length >= 3);
  hub.refused.set('job_7', 404);
  const gone = watched.splice(7, 1);
  await assert.rejects(Promise.all(gone), (error) => {
    return error instanceof DomainError && error.kind === 'notFound';
  });
  hub.end(...names(20));
  assert.equal((await Promise.all(watched)).length, 19);
});

test('closing ends the questions, and tells who waits', async () => {
  const hub = new HoldingHub();
  const ends = new JobEnds(hub.client);
  const watched = ends.watch('job_1');
  await until(() => hub.held === 1);
  ends.close();
  await assert.rejects(watched, /closed/);
  await until(() => hub.held === 0);
});
