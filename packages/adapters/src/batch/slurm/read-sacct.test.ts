import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSacct } from './read-sacct.ts';

describe('what sacct remembers', () => {
  it('is the last end of a job, in whatever order its attempts come', () => {
    const ends = readSacct(
      [
        '15|CANCELLED by 1000|0:0|1795282030',
        '15|PREEMPTED|0:0|1795282020',
        '15.batch|CANCELLED|0:10|1795282020',
        '11|FAILED|3:0|1795282021',
        '12|FAILED|0:9|1795282021',
        '13|COMPLETED|0:0|1795282021',
        '14|TIMEOUT|0:15|1795282021',
        '16|RUNNING|0:0|Unknown',
        'sacct: a warning',
        '',
      ].join('\n'),
    );
    const told = [...ends].map(([id, { exitCode, signal, reason }]) => [
      id,
      exitCode,
      signal,
      reason,
    ]);
    assert.deepEqual(told, [
      ['15', null, null, 'CANCELLED, by 1000'],
      ['11', 3, null, null],
      ['12', null, 'SIGKILL', null],
      ['13', 0, null, null],
      ['14', null, 'SIGTERM', 'TIMEOUT'],
    ]);
  });
});
