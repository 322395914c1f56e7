import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerRequestSchema } from '@interpulse/domain/trigger/trigger.ts';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { draftOf, emptyDraft, readTriggerDraft } from './trigger-draft.ts';

const saved = (request: object): Schemas['Trigger'] =>
  ({
    ...triggerRequestSchema.parse({ flowName: 'xpcs', ...request }),
    name: 'every-scan',
    project: 'demo',
    runAs: 'ada',
  }) as unknown as Schemas['Trigger'];

const instrument = 'tokamak';

test('what was saved is read back as it was, for every kind of source', () => {
  const requests = [
    { source: { kind: 'file', instrument, pattern: '/raw/*' }, deadline: 90 },
    { source: { kind: 'file', instrument, pattern: '/raw/*', stage: 'growing' } },
    { source: { kind: 'run', instrument, on: 'start' }, deadline: { 'at.=': 'run.number' } },
    { source: { kind: 'run', instrument, on: 'firstFile' } },
    { source: { kind: 'run', instrument, on: 'allFiles', files: 6 } },
    { source: { kind: 'run', instrument, on: 'allFiles', files: 'detectors' } },
    { source: { kind: 'parameter', instrument, name: 'power', range: { least: 2 } } },
    { source: { kind: 'parameter', instrument, name: 'p', oneOf: ['a,b', 2, true] } },
    { source: { kind: 'parameter', instrument, name: 'p', equals: '5', changes: true } },
    {
      source: {
        kind: 'dataset',
        keywords: ['saxs', 'gold'],
        where: [{ path: 'sample.name', contains: 'go' }, { path: 'energy' }],
      },
      rateLimit: { most: 2, perSeconds: 90, beyond: 'latest' },
    },
    { source: { kind: 'schedule', cron: '0 2 * * *', timeZone: 'Europe/Berlin' } },
    {
      source: { kind: 'webhook', signs: 'body' },
      tags: { why: 'sample' },
      notify: [{ on: ['failed'], to: ['owner', 'chat:ops'] }],
    },
    {
      source: { kind: 'flow', flowName: 'reduce', on: ['FAILED'], project: 'other' },
      when: 'True',
    },
  ];
  for (const request of requests) {
    const trigger = saved(request);
    const { request: read, faults } = readTriggerDraft(draftOf(trigger, 'UTC'));
    assert.deepEqual(faults, [], JSON.stringify(request));
    const { name: _name, runAs: _runAs, ...same } = trigger as unknown as Record<string, unknown>;
    assert.deepEqual({ ...read, runAs: undefined }, { ...same, runAs: undefined });
  }
});

test('faults have the places of the API', () => {
  const draft = { ...emptyDraft('UTC'), hasRate: true, ratePer: 'soon', tags: 'x', when: '1 +' };
  const places = readTriggerDraft(draft).faults.map(({ loc }) => loc.join('.'));
  assert.deepEqual(places, [
    'name',
    'flowName',
    'tags',
    'source.instrument',
    'rateLimit.perSeconds',
  ]);
  const whole = { ...draft, name: 'a', flowName: 'b', instrument, tags: '', ratePer: '5 min' };
  const [fault] = readTriggerDraft(whole).faults;
  assert.deepEqual(fault?.loc, ['when']);
});
