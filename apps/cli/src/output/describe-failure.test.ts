import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DomainError } from '@interpulse/domain/error.ts';
import { describeFailure } from './describe-failure.ts';

test('each kind of error has its exit code', () => {
  const codes = (
    ['invalid', 'notFound', 'forbidden', 'unauthenticated', 'unavailable', 'conflict'] as const
  ).map((kind) => describeFailure(new DomainError(kind, 'why'), false).exitCode);
  assert.deepEqual(codes, [2, 3, 4, 4, 5, 1]);
  assert.equal(describeFailure(new Error('what'), false).exitCode, 1);
});

test('several faults are listed with their paths, one is the message itself', () => {
  const fault = (name: string) => ({ loc: ['jobs', 0, name], msg: `bad ${name}`, type: 'x' });
  const one = new DomainError('invalid', 'bad a', { faults: [fault('a')] });
  const two = new DomainError('invalid', 'bad a', { faults: [fault('a'), fault('b')] });
  assert.equal(describeFailure(one, false).text, 'interpulse: bad a');
  const ofAddress = new DomainError('invalid', 'params.flowRunId: an id begins with flowrun_');
  assert.match(describeFailure(ofAddress, false).text, /^interpulse: flowRunId: an id/);
  assert.equal(
    describeFailure(two, false).text,
    'interpulse: bad a\n  jobs.0.a: bad a\n  jobs.0.b: bad b',
  );
});

test('with --json the failure is a document too', () => {
  const { text } = describeFailure(new DomainError('notFound', 'no job'), true);
  assert.deepEqual(JSON.parse(text), {
    error: { kind: 'notFound', message: 'no job', faults: [] },
  });
});
