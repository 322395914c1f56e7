import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { chooseTasks, type BusyTask, type WaitingTask } from './choose-tasks.ts';
import { findSeats, wholeGpu, withoutSeat, withSeat, type NodeRoom } from './node-room.ts';

const gib = 1024 ** 3;
const node = (cores: number, gpus: number, memory: number): NodeRoom => ({
  cores,
  gpus: Array.from({ length: gpus }, () => wholeGpu),
  memoryBytes: memory * gib,
});

const nodes = [node(8, 2, 16), node(8, 2, 16), node(4, 0, Infinity)];

const waitingTask: fc.Arbitrary<WaitingTask> = fc.record({
  resources: fc.record({
    nodes: fc.constantFrom(1, 1, 1, 1, 2),
    cores: fc.integer({ min: 1, max: 8 }),
    gpus: fc.constantFrom(0, 0, 0, 1 / 3, 0.5, 0.7, 1, 2),
    memoryBytes: fc.constantFrom(0, 0, 3 * gib, 16 * gib),
    walltimeSeconds: fc.integer({ min: 1, max: 100 }),
  }),
  restartable: fc.boolean(),
});

/** Some task that waits, with its resources. */
const task = (more: Partial<WaitingTask['resources']>): WaitingTask => ({
  resources: { nodes: 1, cores: 1, gpus: 0, memoryBytes: 0, walltimeSeconds: 10, ...more },
  restartable: false,
});

function freeAfter(busy: readonly BusyTask[]): NodeRoom[] {
  const free = [...nodes];
  for (const seat of busy.flatMap(({ seats }) => seats)) {
    const room = free[seat.node];
    assert.ok(room, 'a seat is on a node that there is');
    free[seat.node] = withoutSeat(room, seat);
  }
  return free;
}

/** When it fits at the latest, if nothing else begins. */
function fitsIn(demand: WaitingTask['resources'], busy: readonly BusyTask[]): number {
  const free = freeAfter(busy);
  if (findSeats(free, nodes, demand) !== null) return 0;
  for (const { seats, leftSeconds } of busy.toSorted((a, b) => a.leftSeconds - b.leftSeconds)) {
    for (const seat of seats) free[seat.node] = withSeat(free[seat.node] ?? node(0, 0, 0), seat);
    if (findSeats(free, nodes, demand) !== null) return leftSeconds;
  }
  return Infinity;
}

describe('packing', () => {
  it('never gives away more than a node has, and loses and doubles no task', () => {
    fc.assert(
      fc.property(fc.array(waitingTask, { maxLength: 40 }), (tasks) => {
        let queue = tasks.map((waiting, id) => ({ ...waiting, id }));
        let running: (BusyTask & { id: number; endsAt: number; asked: WaitingTask })[] = [];
        const done: number[] = [];
        for (let now = 0; queue.length + running.length > 0;) {
          const busy = running.map((one) => ({ ...one, leftSeconds: one.endsAt - now }));
          const choice = chooseTasks(queue, busy, { nodes, leftSeconds: 1e6 });
          assert.deepEqual(choice.tooLate, []);
          for (const { place, seats } of choice.begin) {
            const asked = queue[place];
            assert.ok(asked && seats.length === asked.resources.nodes);
            assert.equal(new Set(seats.map((seat) => seat.node)).size, seats.length);
            assert.ok(seats.every(({ cores }) => cores >= asked.resources.cores));
            const endsAt = now + asked.resources.walltimeSeconds;
            running.push({ id: asked.id, seats, endsAt, leftSeconds: 0, asked });
          }
          const begun = new Set(choice.begin.map(({ place }) => place));
          queue = queue.filter((_, place) => !begun.has(place));
          for (const room of freeAfter(running)) {
            assert.ok(room.cores >= 0 && room.memoryBytes >= 0, 'cores and memory');
            assert.ok(
              room.gpus.every((share) => share >= 0 && share <= wholeGpu),
              'GPUs',
            );
          }
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
    fc.assert(
      fc.property(
        fc.array(waitingTask, { minLength: 1, maxLength: 20 }),
        fc.array(waitingTask, { maxLength: 6 }),
        (waiting, running) => {
          const before = chooseTasks(running, [], { nodes, leftSeconds: 1e6 }).begin;
          const busy = before.map(({ place, seats }) => {
            return { seats, leftSeconds: running[place]?.resources.walltimeSeconds ?? 0 };
          });
          const { begin } = chooseTasks(waiting, busy, { nodes, leftSeconds: 1e6 });
          const begun = new Set(begin.map(({ place }) => place));
          const first = waiting.findIndex((_, place) => !begun.has(place));
          const head = waiting[first];
          if (head === undefined) return;
          const asBusy = (chosen: typeof begin): BusyTask[] =>
            chosen.map(({ place, seats }) => {
              return { seats, leftSeconds: waiting[place]?.resources.walltimeSeconds ?? 0 };
            });
          const alone = [...busy, ...asBusy(begin.filter(({ place }) => place < first))];
          const passed = [...busy, ...asBusy(begin)];
          assert.ok(fitsIn(head.resources, passed) <= fitsIn(head.resources, alone));
        },
      ),
    );
  });

  it('lets a short task pass a large one, and no long one that is in its way', () => {
    const seats = [{ node: 0, cores: 4, gpus: [], memoryBytes: 0 }];
    const room = { nodes: [node(8, 0, 1)], leftSeconds: 1e6 };
    const waiting = [
      task({ cores: 8 }),
      task({ cores: 4, walltimeSeconds: 60 }),
      task({ cores: 4, walltimeSeconds: 40 }),
    ];
    const { begin } = chooseTasks(waiting, [{ seats, leftSeconds: 50 }], room);
    assert.deepEqual(
      begin.map(({ place }) => place),
      [2],
    );
  });

  it('lets three thirds share a GPU, and gives a whole one to nobody else', () => {
    const room = { nodes: [node(8, 2, 1)], leftSeconds: 1e6 };
    const third = task({ gpus: 1 / 3 });
    const { begin } = chooseTasks([third, third, third, task({ gpus: 1 }), third], [], room);
    assert.deepEqual(
      begin.map(({ seats }) => seats[0]?.gpus.map(({ gpu }) => gpu)),
      [[0], [0], [0], [1]],
    );
  });

  it('never begins what cannot end in time unless it may go on later, and says so', () => {
    const waiting = [
      task({ walltimeSeconds: 50 }),
      task({ walltimeSeconds: 10 }),
      { ...task({ walltimeSeconds: 50 }), restartable: true },
    ];
    const room = { nodes: [node(4, 0, 1)], leftSeconds: 20 };
    const { begin, tooLate } = chooseTasks(waiting, [], room);
    assert.deepEqual(tooLate, [0]);
    assert.deepEqual(
      begin.map(({ place }) => place),
      [1, 2],
    );
  });
});
