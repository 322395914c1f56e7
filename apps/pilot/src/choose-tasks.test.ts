import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chooseTasks, type BusyTask, type WaitingTask } from './choose-tasks.ts';

const waitingTask = fc.record({
  cores: fc.integer({ min: 1, max: 8 }),
  walltimeSeconds: fc.integer({ min: 1, max: 100 }),
});

describe('packing', () => {
  it('never uses more cores than there are, and loses and doubles no task', () => {
    fc.assert(
      fc.property(fc.array(waitingTask, { maxLength: 40 }), (tasks) => {
        const cores = 8;
        let queue = tasks.map((task, id) => ({ ...task, id }));
        let running: { id: number; cores: number; endsAt: number }[] = [];
        const done: number[] = [];
        for (let now = 0; queue.length + running.length > 0;) {
          const busy: BusyTask[] = running.map((task) => ({
            cores: task.cores,
            leftSeconds: task.endsAt - now,
          }));
          const { begin, tooLate } = chooseTasks(queue, busy, { cores, leftSeconds: 1e6 });
          assert.equal(tooLate, false);
          for (const place of begin) {
            const task = queue[place];
            assert.ok(task);
            running.push({ ...task, endsAt: now + task.walltimeSeconds });
          }
          queue = queue.filter((_, place) => !begin.includes(place));
          const used = running.reduce((sum, task) => sum + task.cores, 0);
          assert.ok(used <= cores, `${used} cores`);
          assert.ok(running.length > 0, 'something runs as long as something waits');
          now = Math.min(...running.map(({ endsAt }) => endsAt));
          done.push(...running.filter(({ endsAt }) => endsAt <= now).map(({ id }) => id));
          running = running.filter(({ endsAt }) => endsAt > now);
        }
        assert.deepEqual(
          done.toSorted((a, b) => a - b),
          tasks.map((_, id) => id),
        );
      }),
    );
  });

  it('never delays the first one that waits by what passes it', () => {
    const busyTask = fc.record({
      cores: fc.integer({ min: 1, max: 4 }),
      leftSeconds: fc.integer({ min: 1, max: 100 }),
    });
    const freeAt = (needed: number, busy: readonly BusyTask[]): number => {
      let free = 8 - busy.reduce((sum, task) => sum + task.cores, 0);
      for (const task of busy.toSorted((a, b) => a.leftSeconds - b.leftSeconds)) {
        if (free >= needed) return 0;
        free += task.cores;
        if (free >= needed) return task.leftSeconds;
      }
      return 0;
    };
    fc.assert(
      fc.property(
        fc.array(waitingTask, { minLength: 1, maxLength: 20 }),
        fc.array(busyTask, { maxLength: 2 }),
        (waiting: WaitingTask[], busy) => {
          const { begin } = chooseTasks(waiting, busy, { cores: 8, leftSeconds: 1e6 });
          const headPlace = waiting.findIndex((_, place) => !begin.includes(place));
          const head = waiting[headPlace];
          if (head === undefined) return;
          const asBusy = (places: number[]): BusyTask[] =>
            places.flatMap((place) => {
              const task = waiting[place];
              return task ? [{ cores: task.cores, leftSeconds: task.walltimeSeconds }] : [];
            });
          const before = [...busy, ...asBusy(begin.filter((place) => place < headPlace))];
          const after = [...busy, ...asBusy(begin)];
          assert.ok(freeAt(head.cores, after) <= freeAt(head.cores, before));
        },
      ),
    );
  });

  it('never begins what cannot end in time, and says so', () => {
    const waiting = [
      { cores: 1, walltimeSeconds: 50 },
      { cores: 1, walltimeSeconds: 10 },
    ];
    const choice = chooseTasks(waiting, [], { cores: 4, leftSeconds: 20 });
    assert.deepEqual(choice, { begin: [1], tooLate: true });
  });
});
