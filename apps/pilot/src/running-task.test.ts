import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { PilotBench, until } from './pilot-test-kit.ts';
import { RunningTask } from './running-task.ts';

describe('a running task', () => {
  it('is killed after the shortest grace, however often it is told to end', async () => {
    const signals: string[] = [];
    const running = new RunningTask(
      PilotBench.blankTask(),
      (handlers) => ({
        signal: (name) => {
          signals.push(name);
          if (name === 'SIGKILL') handlers.onEnded({ kind: 'lost', reason: 'it was killed' });
        },
      }),
      () => undefined,
    );
    const endAtMs = performance.now() + 5_000;
    const again = async (): Promise<void> => {
      while (!signals.includes('SIGKILL') && performance.now() < endAtMs) {
        running.end('canceled', 0.1);
        await delay(10);
      }
    };
    await again();
    await until('it is killed', () => signals.includes('SIGKILL'), 1);
    assert.deepEqual(signals, ['SIGTERM', 'SIGKILL']);
    assert.ok(performance.now() < endAtMs, 'it was killed only when nobody told it to end');
    assert.equal((await running.ended).outcome, 'canceled');
  });
});
