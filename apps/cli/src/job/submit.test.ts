import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderCommand } from '@interpulse/domain/app/render-command.ts';
import { jobRequestSchema } from '@interpulse/domain/job/job.ts';
import { jobRequests, type SubmitOptions } from './submit.ts';

const nowAt = '2026-11-21T12:00:00.000Z';
const given = (options: Partial<SubmitOptions>): SubmitOptions => ({
  command: [],
  site: 'any',
  urgency: 'normal',
  ...options,
});

test('flags become a request that the API accepts', () => {
  const [request] = jobRequests(
    given({
      app: 'xpcs',
      parameter: ['fit=single', 'dynamicRings=8'],
      input: ['file=raw:/a.h5'],
      site: 'alpha,beta',
      urgency: 'urgent',
      deadline: '20',
      cores: 4,
      memory: 512,
      tag: ['run=7'],
    }),
    nowAt,
  );
  const parsed = jobRequestSchema.parse(request);
  assert.deepEqual(parsed.parameters, { fit: 'single', dynamicRings: 8 });
  assert.deepEqual(parsed.site, ['alpha', 'beta']);
  assert.equal(parsed.deadlineAt, '2026-11-21T12:00:20.000Z');
  assert.equal(parsed.resources.cores, 4);
  assert.equal(parsed.resources.memoryBytes, 512 * 2 ** 20);
});

test('a plain command arrives as it was typed, braces included', () => {
  const words = ['awk', '{print $1}', '{}'];
  const [request] = jobRequests(given({ command: words }), nowAt);
  const { command = [] } = jobRequestSchema.parse(request);
  assert.deepEqual(renderCommand(command, {}), words);
});

test('what to run is said exactly once', () => {
  assert.throws(() => jobRequests(given({}), nowAt), /say what to run/);
  assert.throws(() => jobRequests(given({ app: 'a', command: ['b'] }), nowAt), /say what to run/);
});

test('a wrong word names itself', () => {
  assert.throws(() => jobRequests(given({ app: 'a', input: ['raw:/a'] }), nowAt), /name=value/);
  assert.throws(() => jobRequests(given({ app: 'a', urgency: 'now' }), nowAt), /--urgency/);
  assert.throws(() => jobRequests(given({ app: 'a', deadline: 'soon' }), nowAt), /soon/);
});
