import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JobReport } from '@interpulse/api/agent-messages/agent-to-hub.ts';
import type { PilotToAgent } from '@interpulse/api/agent-messages/pilot-messages.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import { blankReport } from './make-report.ts';
import { ownFacts } from './own-facts.ts';
import { newId, PilotBench, until } from './pilot-test-kit.ts';
import { ReportOutlet } from './report-outlet.ts';

const facts = ownFacts(newId('pilot'), 'here');

function outlet(refuse: () => Error | null = () => null) {
  const sent: JobReport[][] = [];
  const session = {
    room: () => Promise.resolve(),
    send: (message: PilotToAgent) => {
      const fault = refuse();
      if (fault !== null) return Promise.reject(fault);
      if (message.type === 'jobReports') sent.push(message.reports);
      return Promise.resolve();
    },
  };
  return { sent, reports: new ReportOutlet(session, () => undefined) };
}

function report(event: JobReport['event'], jobId = newId('job')): JobReport {
  const task = PilotBench.blankTask({ jobId });
  return { ...blankReport(facts, task, event), argv: event === 'started' ? ['prog'] : [] };
}

describe('reports', () => {
  it('of a short task are one, which tells how it was started', async () => {
    const { sent, reports } = outlet();
    const started = report('started');
    reports.addStart(started);
    reports.add(report('completed', started.jobId));
    await reports.drained();
    assert.deepEqual(
      sent.map((batch) => batch.map(({ event, argv }) => [event, argv])),
      [[['completed', ['prog']]]],
    );
  });

  it('of a task that goes on are two', async () => {
    const { sent, reports } = outlet();
    const started = report('started');
    reports.addStart(started);
    await until('the start is told', () => sent.length === 1);
    reports.add(report('completed', started.jobId));
    await reports.drained();
    const told = sent.flat().map(({ event, argv }) => [event, argv]);
    assert.deepEqual(told, [
      ['started', ['prog']],
      ['completed', []],
    ]);
  });

  it('go at once when nothing was sent just before, and else together', async () => {
    const { sent, reports } = outlet();
    reports.add(report('completed'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(sent.length, 1, 'the first waits for nothing');
    for (let count = 0; count < 5; count += 1) {
      reports.add(report('completed'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await reports.drained();
    assert.ok(sent.length <= 3, `${sent.length} messages`);
    assert.equal(sent.flat().length, 6);
  });

  it('that could not be passed on are sent again, others are not', async () => {
    const faults: Error[] = [
      new DomainError('unavailable', 'passing on: the hub is away'),
      new DomainError('invalid', 'passing on: no'),
    ];
    const { sent, reports } = outlet(() => faults.shift() ?? null);
    const kept = report('completed');
    reports.add(kept);
    await until('the second time', () => faults.length === 1 && reports.pending === 1);
    await until('it is refused', () => faults.length === 0);
    await reports.drained();
    reports.add(report('failed'));
    await reports.drained();
    assert.deepEqual(
      sent.flat().map(({ event }) => event),
      ['failed'],
    );
  });
});
