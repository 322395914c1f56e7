import assert from 'node:assert/strict';
import { Server } from 'node:net';
import { describe, it } from 'node:test';
import { newId, until } from '../pilot-test-kit.ts';
import { Crew } from './crew.ts';

describe('the spawners of a pilot', () => {
  it('are on its own node only where nobody can call back', async (t) => {
    t.mock.method(Server.prototype, 'listen', function listen(this: Server) {
      setImmediate(() => this.emit('error', new Error('no port is free')));
      return this;
    });
    let changes = 0;
    const node = { cores: 1, gpuIds: [], memoryBytes: 0 };
    const nodes = ['here', 'there'].map((host) => ({ host, ...node }));
    const crew = new Crew({
      config: { pilotId: newId('pilot'), nodes, launcher: null, nodeStart: null, spawners: 1 },
      command: ['sleep', '100'],
      environment: {},
      handlers: { onLog: () => undefined, onChange: () => void (changes += 1) },
    });
    t.after(() => crew.close());
    await until('it gives up the other node', () => crew.isGivenUp(1), 5);
    assert.ok(!crew.isGivenUp(0));
    assert.ok(changes > 0, 'what waits for that node is looked at again');
  });
});
