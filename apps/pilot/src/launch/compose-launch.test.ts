import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { resourcesSchema } from '@interpulse/domain/app/app.ts';
import { bashWords } from './bash-words.ts';
import { composeLaunch, type LaunchGround } from './compose-launch.ts';
import { launcherWords, mpiKindOf } from './launcher-words.ts';

const ground: LaunchGround = {
  launcher: 'srun',
  mpiKind: 'hydra',
  nodes: [{ host: 'n1', cores: 8, gpuIds: ['GPU-a', 'GPU-b'], memoryBytes: 0 }],
  seats: [{ node: 0, cores: 4, gpus: [{ gpu: 1, share: 1_000_000 }], memoryBytes: 0 }],
  gpuVariables: ['ROCR_VISIBLE_DEVICES'],
};
const task = {
  jobId: 'job_1' as const,
  attempt: 2,
  argv: ['prog', '$HOME'],
  preamble: [],
  pre: [],
  post: [],
  environment: {},
  resources: resourcesSchema.parse({ cores: 4, gpus: 1 }),
};

describe('the launch of a task', () => {
  it('is its own command, with its threads and its GPUs', () => {
    const { argv, environment, hosts } = composeLaunch(task, ground);
    assert.deepEqual(argv, ['prog', '$HOME']);
    assert.deepEqual(hosts, ['n1']);
    assert.equal(environment['OMP_NUM_THREADS'], '4');
    assert.equal(environment['ROCR_VISIBLE_DEVICES'], 'GPU-b');
    assert.equal(environment['CUDA_VISIBLE_DEVICES'], undefined);
    const threads = { ...task, resources: { ...task.resources, threadsPerRank: 3 } };
    assert.equal(composeLaunch(threads, ground).environment['OMP_NUM_THREADS'], '3');
    const own = { ...task, environment: { OMP_NUM_THREADS: '1', ROCR_VISIBLE_DEVICES: '0' } };
    const given = composeLaunch(own, ground).environment;
    assert.equal(given['OMP_NUM_THREADS'], '1');
    assert.equal(given['ROCR_VISIBLE_DEVICES'], 'GPU-b', 'no task takes the GPUs of another');
  });

  it('keeps its GPUs through a launcher that sets them anew', () => {
    const ranks = { ...task, resources: { ...task.resources, ranksPerNode: 2 } };
    const { argv, environment } = composeLaunch(ranks, ground);
    assert.deepEqual(argv.slice(-4), ['env', 'ROCR_VISIBLE_DEVICES=GPU-b', 'prog', '$HOME']);
    assert.ok(argv.includes('--cpus-per-task=2'));
    assert.equal(environment['OMP_NUM_THREADS'], '2');
  });

  it('speaks to each family of mpiexec in its words', () => {
    const ranks = { hosts: ['a', 'b'], ranksPerNode: 2, coresPerRank: 3, gpusPerNode: 0 };
    const said = (version: string) => launcherWords('mpiexec', mpiKindOf(version), ranks).join(' ');
    const openMpi = 'mpiexec -n 4 --host a:2,b:2 --map-by ppr:2:node:PE=3';
    assert.equal(said('mpiexec (OpenRTE) 4.1.4'), openMpi);
    assert.equal(said('HYDRA build details'), 'mpiexec -n 4 -ppn 2 -hosts a,b');
    const pals = 'mpiexec -n 4 --ppn 2 --depth 3 --cpu-bind depth --hosts a,b';
    assert.equal(said('PALS version 1.2'), pals);
  });

  it('never lets a shell read a word of a command', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
      fc.constantFrom('$(touch x)', '`id`', "'", '"', '\\', '\n', '', '*', '; exit 3', '${x}'),
    );
    const words = fc.array(word, { minLength: 1, maxLength: 5 });
    const print = (given: string[]) => ['printf', '%s\\0', ...given];
    fc.assert(
      fc.property(words, words, words, (before, main, later) => {
        const [program = '', ...rest] = bashWords({
          preamble: ['set -u', 'x=1'],
          pre: [print(before)],
          program: print(main),
          post: [print(later)],
        });
        const { stdout, status } = spawnSync(program, rest, { encoding: 'buffer' });
        assert.equal(status, 0);
        const expected = [...before, ...main, ...later].map((one) => `${one}\0`).join('');
        assert.deepEqual(stdout, Buffer.from(expected));
      }),
      { numRuns: 25 },
    );
  });

  it('ends with the first command that fails, and says which', () => {
    const run = (more: object) => {
      const around = { preamble: ['x=1'], pre: [], program: ['true'], post: [], ...more };
      const [program = '', ...rest] = bashWords(around);
      return spawnSync(program, rest, { encoding: 'utf8' });
    };
    const before = run({ pre: [['true'], ['sh', '-c', 'exit 4']], program: ['echo', 'no'] });
    assert.deepEqual([before.status, before.stdout], [4, '']);
    assert.match(before.stderr, /command 2 before the program exited with code 4/);
    const program = run({ program: ['sh', '-c', 'exit 5'], post: [['echo', 'no']] });
    assert.deepEqual([program.status, program.stdout], [5, '']);
    assert.equal(run({ post: [['sh', '-c', 'exit 6']] }).status, 6);
    assert.equal(run({ program: ['sh', '-c', 'kill -9 $$'] }).signal, 'SIGKILL');
  });
});
