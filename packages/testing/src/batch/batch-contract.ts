import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  BatchJob,
  BatchOptions,
  BatchRequest,
  BatchSystem,
} from '@interpulse/adapters/batch/batch-system.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { batchRequest } from './batch-request.ts';
import { untilState } from './until-state.ts';

/** What a driver must give to be tested. */
export interface BatchContract {
  name: string;
  /** Opens the same batch system anew, as an agent that restarted does; `folder` is the test's. */
  open: (folder: string) => BatchSystem;
  /** How long a submitted batch job may wait before it runs, in seconds. */
  startSeconds: number;
  /** What every batch job asks for besides. */
  options?: Partial<BatchOptions>;
  /** Whether it tells the signal that ended a batch job which was canceled. */
  tellsKill: boolean;
}

/** What every driver of a batch system must do. */
export function batchContract(contract: BatchContract): void {
  const setUp = (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-batch-'));
    const batch = contract.open(folder);
    const ids: PilotId[] = [];
    t.after(async () => {
      await contract.open(folder).cancel(ids);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    });
    const request = (command: readonly string[]): BatchRequest => {
      const asked = batchRequest({ command, folder, options: contract.options ?? {} });
      ids.push(asked.pilotId);
      return asked;
    };
    const look = (batch: BatchSystem, pilotId: PilotId, state: BatchJob['state']) =>
      untilState({ batch, pilotId, state, patienceSeconds: contract.startSeconds + 15 });
    return { folder, batch, request, look };
  };

  describe(`the batch system ${contract.name}`, () => {
    it('runs a command with exactly the environment given, and tells how it ended', async (t) => {
      const { folder, batch, request, look } = setUp(t);
      const out = join(folder, 'out');
      const script = `echo "$WORD|$1|\${HOME-none}" > "$2"; echo trouble >&2; exit 3`;
      const trap = `a b'c"d$(e)\`f\\*`;
      const asked = request(['sh', '-c', script, 'sh', trap, out]);
      const batchJobId = await batch.submit(asked);
      const ended = await look(batch, asked.pilotId, 'ended');
      assert.equal(readFileSync(out, 'utf8'), `two words|${trap}|none\n`);
      assert.equal(ended.batchJobId, batchJobId);
      assert.equal(ended.exitCode, 3);
      assert.match(ended.reason ?? '', /trouble/);
    });

    it('tells where a pilot runs, and that it ended well', async (t) => {
      const { folder, batch, request, look } = setUp(t);
      const stop = join(folder, 'stop');
      const asked = request(['sh', '-c', 'until [ -e "$1" ]; do sleep 0.05; done', 'sh', stop]);
      await batch.submit(asked);
      const running = await look(batch, asked.pilotId, 'running');
      assert.equal(running.hosts.length, 1);
      const { exitCode, signal, restarts } = running;
      assert.deepEqual(
        { exitCode, signal, restarts },
        { exitCode: null, signal: null, restarts: 0 },
      );
      writeFileSync(stop, '');
      const ended = await look(batch, asked.pilotId, 'ended');
      assert.deepEqual([ended.exitCode, ended.signal, ended.reason], [0, null, null]);
    });

    it('tells by which signal a pilot ended', async (t) => {
      const { batch, request, look } = setUp(t);
      const asked = request(['sh', '-c', 'kill -9 $$']);
      await batch.submit(asked);
      const ended = await look(batch, asked.pilotId, 'ended');
      assert.deepEqual([ended.exitCode, ended.signal], [null, 'SIGKILL']);
    });

    it('submits a pilot once, however often and from however many agents', async (t) => {
      const { folder, batch, request, look } = setUp(t);
      const out = join(folder, 'out');
      const asked = request(['sh', '-c', `echo x >> "$1"; exec sleep 60`, 'sh', out]);
      const other = contract.open(folder);
      const ids = await Promise.all([
        batch.submit(asked),
        batch.submit(asked),
        other.submit(asked).catch(() => null),
      ]);
      assert.equal(ids[0], ids[1]);
      await look(batch, asked.pilotId, 'running');
      assert.equal(await contract.open(folder).submit(asked), ids[0] ?? ids[2]);
      while (!existsSync(out)) await delay(5);
      await delay(50);
      assert.equal((await batch.list()).length, 1);
      assert.equal(readFileSync(out, 'utf8'), 'x\n');
    });

    it('finds its batch jobs again after a restart, and sees them end', async (t) => {
      const { folder, batch, request, look } = setUp(t);
      const asked = request(['sleep', '60']);
      await batch.submit(asked);
      await look(batch, asked.pilotId, 'running');
      const later = contract.open(folder);
      await look(later, asked.pilotId, 'running');
      await later.cancel([asked.pilotId]);
      await look(later, asked.pilotId, 'ended');
    });

    it('ends what does not end by itself when it is told to', async (t) => {
      const { folder, batch, request, look } = setUp(t);
      const ready = join(folder, 'ready');
      const script = `trap '' TERM; : > "$1"; while :; do sleep 0.05; done`;
      const asked = request(['sh', '-c', script, 'sh', ready]);
      await batch.submit(asked);
      while (!existsSync(ready)) await delay(5);
      await batch.cancel([asked.pilotId]);
      const ended = await look(batch, asked.pilotId, 'ended');
      if (contract.tellsKill) assert.equal(ended.signal, 'SIGKILL');
      else assert.notEqual(ended.exitCode, 0);
    });

    it('forgets what has ended and keeps what runs', async (t) => {
      const { batch, request, look } = setUp(t);
      const [short, long] = [request(['true']), request(['sleep', '60'])];
      await batch.submit(short);
      await batch.submit(long);
      await look(batch, short.pilotId, 'ended');
      await batch.forget([short.pilotId, long.pilotId]);
      const left = await batch.list();
      assert.deepEqual(
        left.map(({ pilotId }) => pilotId),
        [long.pilotId],
      );
    });

    it('passes over what it does not know, and lists nothing at first', async (t) => {
      const { batch, request } = setUp(t);
      assert.deepEqual(await batch.list(), []);
      await batch.cancel([request(['true']).pilotId]);
      await batch.forget([request(['true']).pilotId]);
    });

    it('says that a command is not there', async (t) => {
      const { batch, request, look } = setUp(t);
      const asked = request(['/no/such/program']);
      await batch.submit(asked);
      const ended = await look(batch, asked.pilotId, 'ended');
      assert.notEqual(ended.exitCode, 0);
      assert.match(ended.reason ?? '', /not found|No such file/);
    });

    it('refuses more nodes than it has', async (t) => {
      const { batch, request } = setUp(t);
      if (batch.spansNodes) return;
      const refused = (error: unknown): boolean =>
        error instanceof DomainError && error.kind === 'invalid';
      await assert.rejects(batch.submit({ ...request(['true']), nodes: 2 }), refused);
    });

    it('calls when something has changed, where it says that it does', async (t) => {
      const { batch, request, look } = setUp(t);
      if (!batch.tellsChanges) return;
      const changed = new Promise<void>((resolve) => batch.onChange(resolve));
      const asked = request(['true']);
      await batch.submit(asked);
      await changed;
      await look(batch, asked.pilotId, 'ended');
    });
  });
}
