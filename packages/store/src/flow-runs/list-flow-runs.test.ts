import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { withDatabases } from '@interpulse/testing/database/with-databases.ts';
import type { Database } from '../database.ts';
import { conditionsOf, type FlowRunFilter } from './list-flow-runs.ts';

const all = { projects: null, grantees: [] };

/** Filters with an index that must serve each, also in a table of millions. */
const served: [name: string, filter: FlowRunFilter, indexes: string[]][] = [
  [
    'what someone may see',
    { projects: ['demo'], grantees: ['ada', 'everyone'] },
    ['flow_runs_by_project', 'flow_runs_by_readers', 'flow_runs_by_flow'],
  ],
  ['tags', { ...all, tags: { sample: 'gold' } }, ['flow_runs_by_tags']],
  ['a flow', { ...all, flow: 'xpcs' }, ['flow_runs_by_flow']],
  ['a bulk start', { ...all, batch: 'flowbatch_1' }, ['flow_runs_by_batch']],
  ['a trigger', { ...all, trigger: 'every-shot' }, ['flow_runs_by_trigger']],
  ['what does one again', { ...all, rerunOf: 'flowrun_1' }, ['flow_runs_by_rerun']],
  ['a manager', { ...all, role: { part: 'manager', grantees: ['ada'] } }, ['flow_runs_by_readers']],
  ['what was late', { ...all, filter: 'late' }, ['flow_runs_late']],
  ['what will be late', { ...all, filter: 'willBeLate' }, ['flow_runs_due']],
  ['when it ended', { ...all, endedFrom: '2026-11-21T00:00:00.000Z' }, ['flow_runs_by_end']],
];

withDatabases('lists of flow runs', (openFresh) => {
  let db: Database;

  before(async () => {
    db = await openFresh();
  });

  for (const [name, filter, indexes] of served) {
    test(`${name}: found by an index`, async () => {
      const { where, values } = conditionsOf(filter);
      const plan = await db.transaction(async (tx) => {
        await tx.query('set local enable_seqscan = off');
        const text = `explain select r.id from flow_runs r ${where}`;
        const rows = await tx.query<Record<string, string>>(text, values);
        return rows.map((row) => Object.values(row).join('')).join('\n');
      });
      for (const index of indexes) assert.ok(plan.includes(index), `${index} in:\n${plan}`);
    });
  }
});
