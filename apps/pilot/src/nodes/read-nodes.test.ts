import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { expandHosts } from '@interpulse/domain/site/expand-hosts.ts';
import { readNodes } from './read-nodes.ts';

const folder = mkdtempSync(join(tmpdir(), 'interpulse-nodefile-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const nobodySays = { cores: null, gpus: null, memoryBytes: null };

describe('nodes', () => {
  it('are those of the Slurm job, the own one first', () => {
    const environment = {
      SLURM_JOB_ID: '7',
      SLURM_JOB_NODELIST: 'n[08-10],login',
      SLURM_JOB_CPUS_PER_NODE: '8(x2),4,2',
      SLURMD_NODENAME: 'n10',
      SLURM_JOB_GPUS: '2,3',
    };
    const nodes = readNodes(environment, { ...nobodySays, cores: 6, gpus: 1 });
    assert.deepEqual(
      nodes.map(({ host, cores, gpuIds }) => [host, cores, gpuIds]),
      [
        ['n10', 4, ['2']],
        ['n08', 6, ['2']],
        ['n09', 6, ['2']],
        ['login', 2, ['2']],
      ],
    );
    assert.equal(nodes[0]?.memoryBytes, 0);
    const known = readNodes({ ...environment, SLURM_MEM_PER_NODE: '4000' }, nobodySays);
    assert.equal(known[0]?.memoryBytes, 4000 * 1024 ** 2);
  });

  it('are those of the PBS node file, each once', () => {
    const file = join(folder, 'nodes');
    writeFileSync(file, 'x1.hpc\nx1.hpc\nx2.hpc\n');
    const nodes = readNodes({ PBS_NODEFILE: file, NCPUS: '8' }, nobodySays);
    assert.deepEqual(
      nodes.map(({ host, cores }) => [host, cores]),
      [
        ['x1.hpc', 8],
        ['x2.hpc', 8],
      ],
    );
    assert.throws(() => readNodes({ PBS_NODEFILE: join(folder, 'none') }, nobodySays), /ENOENT/);
  });

  it('are this machine where no batch system says anything, with the ids of its GPUs', () => {
    const [node] = readNodes({ CUDA_VISIBLE_DEVICES: 'GPU-a,GPU-b' }, nobodySays);
    assert.deepEqual(node?.gpuIds, ['GPU-a', 'GPU-b']);
    assert.equal(node.host, hostname());
    assert.equal(node.cores, availableParallelism());
    assert.ok(node.memoryBytes > 0);
    assert.deepEqual(readNodes({}, { ...nobodySays, gpus: 2 })[0]?.gpuIds, ['0', '1']);
  });

  it('are those that the agent gives, checked', () => {
    const given = (nodes: unknown) => ({ INTERPULSE_NODES: JSON.stringify(nodes) });
    const [node] = readNodes(given([{ host: 'a', cores: 2, gpus: 1 }]), nobodySays);
    assert.deepEqual(node, { host: 'a', cores: 2, gpuIds: ['0'], memoryBytes: 0 });
    assert.throws(() => readNodes(given([{ host: 'a' }]), nobodySays), /cores/);
    assert.throws(() => readNodes({ INTERPULSE_NODES: 'n1 n2' }, nobodySays), /JSON/);
  });

  it('are expanded from the short form of any range', () => {
    const range = fc.tuple(fc.nat(200), fc.nat(30), fc.nat(4));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 4 }), (ranges) => {
        const pad = (number: number, width: number) => String(number).padStart(width, '0');
        const short = ranges.map(([from, more, width]) => {
          return more === 0 ? pad(from, width) : `${pad(from, width)}-${pad(from + more, width)}`;
        });
        const long = ranges.flatMap(([from, more, width]) =>
          Array.from({ length: more + 1 }, (_, step) => {
            return `n${pad(from + step, Math.max(width, String(from).length))}-ib`;
          }),
        );
        assert.deepEqual(expandHosts(`n[${short.join(',')}]-ib`), long);
      }),
    );
    assert.deepEqual(expandHosts('a,r[1-2]c[0-1],b'), ['a', 'r1c0', 'r1c1', 'r2c0', 'r2c1', 'b']);
  });
});
