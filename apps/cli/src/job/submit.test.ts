import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderCommand } from '@interpulse/domain/app/render-command.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { submitBody, type SubmitOptions } from './submit.ts';

const nowAt = '2026-11-21T12:00:00.000Z';
const request = (options: Partial<SubmitOptions>) => {
  const { common, jobs } = submitBody(given(options), nowAt);
  return jobRequestSchema.parse({ ...common, ...jobs[0] });
};
const given = (options: Partial<SubmitOptions>): SubmitOptions => ({
  command: [],
  site: 'any',
  urgency: 'normal',
  ...options,
});

test('flags become a request that the API accepts', () => {
  const parsed = request({
    app: 'xpcs',
    parameter: ['fit=single', 'dynamicRings=8'],
    input: ['file=raw:/a.h5'],
    site: 'alpha,beta',
    urgency: 'urgent',
    deadline: '20',
    cores: 4,
    memory: 512,
    tag: ['run=7'],
  });
  assert.deepEqual(parsed.parameters, { fit: 'single', dynamicRings: 8 });
  assert.deepEqual(parsed.site, ['alpha', 'beta']);
  assert.equal(parsed.deadlineAt, '2026-11-21T12:00:20.000Z');
  assert.equal(parsed.resources.cores, 4);
  assert.equal(parsed.resources.memoryBytes, 512 * 2 ** 20);
});

test('a plain command arrives as it was typed, braces included', () => {
  const words = ['awk', '{print $1}', '{}'];
  const { command = [] } = request({ command: words });
  assert.deepEqual(renderCommand(command, {}), words);
});

test('what to run is said exactly once', () => {
  assert.throws(() => submitBody(given({}), nowAt), /say what to run/);
  assert.throws(() => submitBody(given({ app: 'a', command: ['b'] }), nowAt), /say what to run/);
});

test('a wrong word names itself', () => {
  assert.throws(() => submitBody(given({ app: 'a', input: ['raw:/a'] }), nowAt), /name=value/);
  assert.throws(() => submitBody(given({ app: 'a', urgency: 'now' }), nowAt), /--urgency/);
  assert.throws(() => submitBody(given({ app: 'a', deadline: 'soon' }), nowAt), /soon/);
});

test('a sweep is one request with what its jobs have in common said once', () => {
  const body = submitBody(
    given({ app: 'fit', sweep: ['q=1..3'], parameter: ['mode=fast'], ensemble: 'scan 7' }),
    nowAt,
  );
  assert.deepEqual(body.ensemble, { label: 'scan 7' });
  assert.equal(body.common?.['app'], 'fit');
  assert.deepEqual(
    body.jobs,
    [1, 2, 3].map((q) => ({ label: `q=${q}`, parameters: { mode: 'fast', q } })),
  );
});

test('a site may be wished for by its label', () => {
  assert.deepEqual(request({ app: 'fit', site: 'label:gpu' }).site, { label: 'gpu' });
});
