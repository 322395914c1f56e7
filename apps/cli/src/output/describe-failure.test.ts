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

test('places that say the same are one line', () => {
  const faults = [0, 1, 2].map((job) => ({ loc: ['jobs', job, 'app'], msg: 'no app', type: 'x' }));
  const other = { loc: ['jobs', 0, 'site'], msg: 'no site', type: 'x' };
  const { text } = describeFailure(
    new DomainError('invalid', 'no app', { faults: [...faults, other] }),
    false,
  );
  assert.equal(
    text,
    'interpulse: no app\n  jobs.0.app and 2 more, to jobs.2.app: no app\n  jobs.0.site: no site',
  );
});

test('who names what is not there is told what lists those that are', () => {
  const say = (message: string) => describeFailure(new DomainError('notFound', message), false);
  assert.match(say('there is no flow "addr"').text, /\n {2}see: interpulse flow list$/);
  assert.match(say('notify.0: there is no user "ad"').text, /\n {2}see: interpulse user list$/);
  assert.equal(say('there is no job job_01').text, 'interpulse: there is no job job_01');
  const said = 'there is no app "f"; see `interpulse app list`';
  assert.equal(say(said).text, `interpulse: ${said}`);
});

test('with a wrong token the way to sign in is told, also where the message has one', () => {
  const message = 'the token is unknown; `interpulse open` signs a browser in';
  const { text } = describeFailure(new DomainError('unauthenticated', message), false);
  assert.match(text, /\n {2}sign in .*interpulse login URL --token TOKEN$/);
});

test('with --json the failure is a document too', () => {
  const { text } = describeFailure(new DomainError('notFound', 'no job'), true);
  assert.deepEqual(JSON.parse(text), {
    error: { kind: 'notFound', message: 'no job', faults: [] },
  });
});
