import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { atEnd, leaseOf, newId, until } from '../agent-test-kit.ts';
import { connectPilot, startRole, startTestPilot, wrongToken } from './compute-test-kit.ts';

const order = (pilotId: ReturnType<typeof newId<'pilot'>>, pool = 'default') => ({
  submit: [{ pilotId, pool, nodes: 1, walltimeSeconds: 600 }],
  release: [],
});

describe('pilots of pools', () => {
  it('ask for what their pool asks for', async (t) => {
    const pools = [
      { name: 'debug', queue: 'short', account: 'xy', qos: 'fast', coresPerNode: 8 },
      { name: 'big', coresPerNode: 64, wholeNodes: true, preemptable: true, gpusPerNode: 2 },
    ];
    const { role, batch, server } = await startRole(t, { pools, graceSeconds: 20 });
    await role.order(order(newId('pilot'), 'debug'));
    await role.order(order(newId('pilot'), 'big'));
    const [debug, big] = batch.requests;
    assert.ok(debug && big);
    assert.equal(debug.options.queue, 'short');
    assert.deepEqual([debug.options.account, debug.options.qos], ['xy', 'fast']);
    assert.deepEqual([debug.options.requeue, debug.options.warnSeconds], [false, 0]);
    assert.deepEqual([big.options.requeue, big.options.warnSeconds], [true, 20]);
    assert.equal(big.options.coresPerNode, 0);
    assert.equal(big.environment['INTERPULSE_CORES'], '64');
    assert.equal(big.environment['INTERPULSE_GPUS'], '2');
    assert.equal(big.environment['INTERPULSE_LAUNCHER'], 'srun');
    assert.equal(big.environment['INTERPULSE_AGENT_ADDRESS'], server.address);
  });

  it('are lost with the reason when the site has no such pool', async (t) => {
    const { role, pilots } = await startRole(t);
    const pilotId = newId('pilot');
    await role.order(order(pilotId, 'none'));
    await until('it is told', () => pilots(pilotId).length > 0);
    const [report] = pilots(pilotId);
    assert.equal(report?.event, 'lost');
    assert.match(report.reason ?? '', /no pool "none", only default, taken/);
  });

  it('end before an announced maintenance', async (t) => {
    const startsAt = new Date(Date.now() + 500_000).toISOString();
    const endsAt = new Date(Date.now() + 900_000).toISOString();
    const { role, batch } = await startRole(t, { maintenance: [{ startsAt, endsAt }] });
    await role.order(order(newId('pilot')));
    const [request] = batch.requests;
    assert.equal(request?.options.endsBeforeAt, startsAt);
    assert.ok(request.walltimeSeconds <= 440 && request.walltimeSeconds > 400);
    assert.equal(
      request.environment['INTERPULSE_WALLTIME_SECONDS'],
      String(request.walltimeSeconds),
    );
  });

  it('stay wanted while the batch system does not answer, and are submitted later', async (t) => {
    const { role, batch, pilots } = await startRole(t);
    const pilotId = newId('pilot');
    batch.onSubmit = () => Promise.reject(new DomainError('unavailable', 'sbatch hangs'));
    await role.order(order(pilotId));
    assert.deepEqual(pilots(pilotId), []);
    batch.onSubmit = () => Promise.resolve();
    await role.order(order(pilotId));
    await role.order(order(pilotId));
    assert.equal(batch.requests.length, 1);
    assert.equal(pilots(pilotId)[0]?.event, 'submitted');
  });

  it('are lost when the batch system refuses them for good', async (t) => {
    const { role, batch, pilots } = await startRole(t);
    const pilotId = newId('pilot');
    batch.onSubmit = () => Promise.reject(new DomainError('invalid', 'no partition "x"'));
    await role.order(order(pilotId));
    await until('it is told', () => pilots(pilotId).length > 0);
    assert.deepEqual(
      [pilots(pilotId)[0]?.event, pilots(pilotId)[0]?.reason],
      ['lost', 'no partition "x"'],
    );
  });

  it('say why they wait, each reason once', async (t) => {
    const { role, batch, pilots } = await startRole(t);
    const pilotId = newId('pilot');
    await role.order(order(pilotId));
    const expectedAt = new Date(Date.now() + 60_000).toISOString();
    batch.change(pilotId, { reason: 'Priority', expectedAt });
    for (let look = 0; look < 3; look += 1) await role.look();
    await role.look();
    const reasons = pilots(pilotId).map(({ reason }) => reason);
    assert.deepEqual(
      reasons.filter((reason) => reason === 'Priority'),
      ['Priority'],
    );
    assert.equal(pilots(pilotId).at(-1)?.expectedAt, expectedAt);
    batch.change(pilotId, { reason: 'Resources' });
    await role.look();
    await until('the other is told', () => pilots(pilotId).at(-1)?.reason === 'Resources');
  });

  it('are not called lost by a list that failed, nor by one with a gap', async (t) => {
    const test = await startRole(t);
    const pilotId = await test.submit('default');
    await startTestPilot(t, test, { pilotId, pid: 1 });
    test.batch.onList = () => Promise.reject(new DomainError('unavailable', 'rubbish'));
    await test.role.look();
    test.batch.onList = () => Promise.resolve();
    const job = test.batch.jobs.get(pilotId);
    assert.ok(job);
    test.batch.jobs.delete(pilotId);
    await test.role.look();
    await test.role.look();
    assert.equal(test.pilots(pilotId).at(-1)?.event, 'running');
  });

  it('are all ended, also one that was just being submitted', async (t) => {
    const { role, batch } = await startRole(t);
    const gate = Promise.withResolvers<void>();
    batch.onSubmit = () => gate.promise;
    const pilotId = newId('pilot');
    const ordered = role.order(order(pilotId));
    const ended = role.endPilots();
    gate.resolve();
    await Promise.all([ordered, ended]);
    assert.deepEqual(batch.canceled, [pilotId]);
    await role.order(order(newId('pilot')));
    assert.equal(batch.requests.length, 1, 'nothing is submitted any more');
  });

  it('are all ended, also while the hub is away', async (t) => {
    const { role, batch, hub } = await startRole(t);
    hub.take = () => new Promise(() => undefined);
    const pilotId = newId('pilot');
    void role.order(order(pilotId));
    await until('it is submitted', () => batch.requests.length === 1);
    await role.endPilots();
    assert.deepEqual(batch.canceled, [pilotId]);
  });
});

describe('pilots on other hosts', () => {
  it('may have clocks that are far off', async (t) => {
    const test = await startRole(t);
    for (const clockAheadMs of [3_600_000, -3_600_000]) {
      const pilotId = await test.submit('default');
      await startTestPilot(t, test, { pilotId, pid: 1, clockAheadMs });
      const { endsAt } = test.pilots(pilotId).at(-1) ?? {};
      const leftMs = Date.parse(endsAt ?? '') - Date.now();
      assert.ok(leftMs > 500_000 && leftMs < 610_000, `${leftMs} ms are left of ten minutes`);
    }
  });

  it('reach the agent over TCP with their token only', async (t) => {
    const test = await startRole(t);
    assert.match(test.server.address, /^127\.0\.0\.1:\d+$/);
    const pilotId = await test.submit('default');
    const stranger = connectPilot(test.server.address, {
      pilotId,
      pid: 7,
      token: wrongToken(pilotId),
    });
    atEnd(t, () => stranger.session.close());
    await until('the stranger is refused', () => stranger.session.state.code === 'forbidden');
    assert.ok(test.pilots(pilotId).every(({ event }) => event !== 'running'));
    await startTestPilot(t, test, { pilotId, pid: 1 });
    const last = test.pilots(pilotId).at(-1);
    assert.equal(last?.host, 'n1');
    assert.equal(last.nodes[0]?.cores, 4);
  });
});

describe('work that is wanted back', () => {
  it('is asked of its pilot, or goes back at once when that never had it', async (t) => {
    const test = await startRole(t);
    const pilotId = await test.submit('default');
    const early = leaseOf(['true']);
    test.role.lease(pilotId, [early]);
    const asked = ({ jobId, attempt }: typeof early) => ({ jobId, attempt, pilotId });
    test.role.recall([asked(early)], 'released');
    await until('it goes back', () => test.jobs(early.jobId).length > 0);
    assert.equal(test.jobs(early.jobId)[0]?.event, 'released');
    const pilot = await startTestPilot(t, test, { pilotId, pid: 1 });
    const [given, making] = [leaseOf(['true']), leaseOf(['true'])];
    test.role.lease(pilotId, [given]);
    await until('it has one', () => pilot.tasks.length === 1);
    test.role.lease(pilotId, [making]);
    test.role.recall([asked(given), asked(making)], 'released');
    await until('the pilot is asked', () => pilot.returned.length === 2);
    await until('the other goes back', () => test.jobs(making.jobId).length > 0);
    assert.deepEqual(
      test.jobs(making.jobId).map(({ event }) => event),
      ['released'],
    );
    assert.equal(pilot.tasks.length, 1);
    assert.deepEqual(test.jobs(given.jobId), []);
  });
});

describe('a pilot whose nodes are taken', () => {
  const setUp = async (t: TestContext) => {
    const test = await startRole(t);
    const pilotId = await test.submit('taken');
    const first = await startTestPilot(t, test, { pilotId, pid: 1 });
    const [running, over] = [leaseOf(['sleep', '100']), leaseOf(['true'])];
    test.role.lease(pilotId, [running, over]);
    await until('it has both', () => first.tasks.length === 2);
    await first.report(over, 'completed');
    return { ...test, test, pilotId, first, running, over };
  };

  it('tells what it held once, and comes back under its id', async (t) => {
    const { test, batch, role, pilotId, first, running, over, pilots, jobs } = await setUp(t);
    first.session.close();
    batch.change(pilotId, { state: 'queued', restarts: 1, reason: 'BeginTime' });
    await role.look();
    await role.look();
    await until('it is told', () => pilots(pilotId).at(-1)?.event !== 'running');
    const event = pilots(pilotId).map((report) => report.event);
    assert.equal(event.filter((it) => it === 'preempted').length, 1);
    assert.deepEqual(
      jobs(running.jobId).map((it) => it.event),
      ['preempted'],
    );
    assert.deepEqual(
      jobs(over.jobId).map((it) => it.event),
      ['completed'],
    );
    assert.deepEqual(role.state().tasks, []);

    const late = leaseOf(['true']);
    role.lease(pilotId, [late]);
    await until('the lease goes back', () => jobs(late.jobId).length > 0);
    assert.equal(jobs(late.jobId)[0]?.event, 'released');

    batch.change(pilotId, { state: 'running', reason: null });
    await role.look();
    const second = await startTestPilot(t, test, { pilotId, pid: 2 });
    await second.report(running, 'completed');
    assert.equal(jobs(running.jobId).length, 1, 'a word of before is not passed on');
    const next = leaseOf(['true'], { jobId: running.jobId, attempt: 2 });
    role.lease(pilotId, [next]);
    await until('it gets work', () => second.tasks.length === 1);
    await second.report(next, 'completed');
    assert.deepEqual(
      jobs(running.jobId).map((it) => it.event),
      ['preempted', 'completed'],
    );
  });

  it('may call before the batch system says what happened', async (t) => {
    const { test, batch, role, pilotId, first, running, pilots, jobs } = await setUp(t);
    first.session.close();
    const second = await startTestPilot(t, test, { pilotId, pid: 2 });
    assert.deepEqual(
      jobs(running.jobId).map((it) => it.event),
      ['preempted'],
    );
    const events = pilots(pilotId).map((it) => it.event);
    assert.deepEqual(events.slice(-2), ['preempted', 'running']);
    await until('the old task is called off', () => second.canceled.length === 1);
    batch.change(pilotId, { restarts: 1 });
    await role.look();
    await role.look();
    const again = leaseOf(['true']);
    role.lease(pilotId, [again]);
    await until('it gets work', () => second.tasks.some(({ jobId }) => jobId === again.jobId));
    assert.equal(pilots(pilotId).filter((it) => it.event === 'preempted').length, 1);
  });

  it('takes work again though its former process said goodbye late', async (t) => {
    const { test, batch, role, pilotId, first, jobs } = await setUp(t);
    batch.change(pilotId, { state: 'queued', restarts: 1 });
    await role.look();
    await first.session.send({ type: 'pilotEnds', reason: 'it was ended by SIGTERM' });
    first.session.close();
    batch.change(pilotId, { state: 'running' });
    const second = await startTestPilot(t, test, { pilotId, pid: 2 });
    const lease = leaseOf(['true']);
    role.lease(pilotId, [lease]);
    await until('it gets work', () => second.tasks.length === 1);
    assert.deepEqual(jobs(lease.jobId), []);
  });

  it('keeps its leases until it is known whether it comes back', async (t) => {
    const { batch, role, pilotId, first, jobs } = await setUp(t);
    await first.session.send({ type: 'pilotEnds', reason: 'it was ended by SIGTERM' });
    await role.look();
    const lease = leaseOf(['true']);
    role.lease(pilotId, [lease]);
    assert.deepEqual(jobs(lease.jobId), []);
    batch.change(pilotId, { state: 'queued', restarts: 1 });
    await role.look();
    await until('it goes back', () => jobs(lease.jobId).length > 0);
    assert.deepEqual(
      jobs(lease.jobId).map(({ event }) => event),
      ['released'],
    );
  });

  it('is not over when its process says goodbye', async (t) => {
    const { batch, role, pilotId, first, pilots } = await setUp(t);
    await first.session.send({ type: 'pilotEnds', reason: 'it was ended by SIGTERM' });
    first.session.close();
    await role.look();
    assert.equal(pilots(pilotId).at(-1)?.event, 'running');
    batch.change(pilotId, { state: 'queued', restarts: 1 });
    await role.look();
    await until('it is told', () => pilots(pilotId).at(-1)?.event === 'preempted');
    batch.change(pilotId, { state: 'ended', exitCode: 0 });
    await role.look();
    await until('its end is told', () => pilots(pilotId).at(-1)?.event === 'ended');
    await role.order(order(pilotId, 'taken'));
    assert.equal(batch.requests.length, 1, 'it is not submitted again');
  });

  it('ends with its process when nobody queues it again', async (t) => {
    const test = await startRole(t);
    const pilotId = await test.submit('default');
    const pilot = await startTestPilot(t, test, { pilotId, pid: 1 });
    await pilot.session.send({ type: 'pilotEnds', reason: 'it was idle' });
    await until('its end is told', () => test.pilots(pilotId).at(-1)?.event === 'ended');
    assert.equal(test.pilots(pilotId).at(-1)?.reason, 'it was idle');
  });
});
