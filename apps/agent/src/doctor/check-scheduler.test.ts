import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { testFolder } from '../agent-test-kit.ts';
import { parseAgentConfig } from '../config/read-agent-config.ts';
import { checkScheduler } from './check-scheduler.ts';

/** What the doctor says of a pool where `sinfo` prints this. */
async function saidOfPool(t: TestContext, sinfo: string): Promise<string> {
  const folder = testFolder(t);
  for (const name of ['sbatch', 'squeue', 'scancel', 'sinfo']) {
    const text = name === 'sinfo' ? sinfo : 'slurm 25.05.1';
    const script = `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`;
    writeFileSync(join(folder, name), script, { mode: 0o755 });
  }
  const compute = {
    ...{ batch: 'slurm', scratchCollection: 'scratch', cores: 4 },
    ...{ scheduler: { commandFolder: folder }, pools: [{ name: 'day', queue: 'regular' }] },
  };
  const collections = [{ name: 'scratch', root: folder }];
  const config = parseAgentConfig({ hub: 'http://hub', folder, collections, compute }, folder);
  assert.ok(config.compute);
  const checks = await Promise.all(checkScheduler(config.compute));
  return JSON.stringify(checks.find(({ name }) => name === 'pool day'));
}

test('a partition is found, also below a greeting', async (t) => {
  const greeted = 'Welcome to the cluster!\nregular|up|1-00:00:00|8|12';
  assert.match(await saidOfPool(t, greeted), /partition regular: 12 nodes of 8 cores/);
  assert.match(await saidOfPool(t, 'regular|down|1:00:00|8|12'), /partition regular is down/);
  assert.match(await saidOfPool(t, 'regular|up|1:00:00|2|12'), /2 cores, .* coresPerNode 4/);
});

test('rubbish is quoted', async (t) => {
  const said = await saidOfPool(t, 'Welcome to the cluster!');
  assert.match(said, /sinfo answered .*Welcome to the cluster!.* no list of partitions/);
});
