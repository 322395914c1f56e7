import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expandHosts } from './expand-hosts.ts';

describe('a list of nodes', () => {
  it('is expanded, with its leading zeros', () => {
    assert.deepEqual(expandHosts(''), []);
    assert.deepEqual(expandHosts('n1'), ['n1']);
    assert.deepEqual(expandHosts('n[1-3,07],gpu'), ['n1', 'n2', 'n3', 'n07', 'gpu']);
    assert.deepEqual(expandHosts('r[0-1]n[8-9]-ib'), ['r0n8-ib', 'r0n9-ib', 'r1n8-ib', 'r1n9-ib']);
    assert.deepEqual(expandHosts('nid[000998-001001]').at(-1), 'nid001001');
  });

  it('that is none is refused, and so is one without end', () => {
    for (const odd of ['n[1-', 'n[3-1]', 'n[a]', 'n[]', 'a,,b', 'n[1-999999999]', 'n[1-9]]']) {
      assert.throws(() => expandHosts(odd), /is no list of nodes/, odd);
    }
  });
});
