import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { groupWork } from './group-work.ts';

const job = (owner: string, state: string, cores: number, nodes = 1) =>
  ({ owner, project: 'demo', app: 'fit', state, resources: { cores, nodes } }) as Schemas['Job'];

test('who uses the most comes first; what waits uses nothing', () => {
  const groups = groupWork([
    job('ada', 'active', 4),
    job('ada', 'ready', 4),
    job('bo', 'active', 16, 2),
    job('cy', 'stagingIn', 64),
  ]);
  assert.deepEqual(
    groups.map(({ owner, active, waiting, activeCores }) => [owner, active, waiting, activeCores]),
    [
      ['bo', 1, 0, 32],
      ['ada', 1, 1, 4],
      ['cy', 0, 1, 0],
    ],
  );
});
