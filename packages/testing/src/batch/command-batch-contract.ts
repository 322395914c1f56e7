import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandBatchOptions } from '@interpulse/adapters/batch/command-batch-options.ts';
import type { BatchSystem } from '@interpulse/adapters/batch/batch-system.ts';
import { DomainError, type ErrorKind } from '@interpulse/domain/error.ts';
import type { PilotId } from '@interpulse/domain/id.ts';
import { until } from '../facility/until.ts';
import { batchRequest } from './batch-request.ts';
import { untilState } from './until-state.ts';

/** What a driver that works through commands must give to be tested. */
export interface CommandBatchContract {
  name: string;
  open: (options: CommandBatchOptions) => BatchSystem;
  /** In which the commands are found and work. */
  environment: () => Record<string, string>;
  /** The commands that submit and that tell the state. */
  commands: { submit: string; look: string };
  /** A replacement of `sed` that makes `look` tell a state nobody knows of what runs. */
  unknownState: string;
  startSeconds: number;
}

/** A command that hangs is given so long: the others must answer in it on a busy machine. */
const hangSeconds = 3;

/** What every driver must do when the commands of its batch system fail it. */
export function commandBatchContract(contract: CommandBatchContract): void {
  const { submit, look } = contract.commands;
  const setUp = (t: TestContext) => {
    const folder = mkdtempSync(join(tmpdir(), 'interpulse-commands-'));
    const notes = join(folder, 'notes');
    const whole = contract.environment();
    const batch = contract.open({ folder: notes, environment: whole });
    const ids: PilotId[] = [];
    t.after(async () => {
      await batch.cancel(ids);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    });
    const request = (wish: Partial<Parameters<typeof batchRequest>[0]> = {}) => {
      const asked = batchRequest({ command: ['sleep', '60'], folder, ...wish });
      ids.push(asked.pilotId);
      return asked;
    };
    /** The same agent with one command replaced by a script, in which `$REAL` is the real one. */
    const replaced = (command: string, script: string, limitSeconds = 30): BatchSystem => {
      const bin = join(folder, `bin-${Math.random()}`);
      mkdirSync(bin);
      const text = `#!/bin/sh\nPATH="${whole['PATH']}"\nREAL=${command}\n${script}\n`;
      writeFileSync(join(bin, command), text);
      chmodSync(join(bin, command), 0o755);
      const environment = { ...whole, PATH: `${bin}:${whole['PATH']}` };
      return contract.open({ folder: notes, environment, limitSeconds });
    };
    const patience = contract.startSeconds + 15;
    return { folder, notes, whole, batch, request, replaced, patience };
  };

  describe(`${contract.name}, when its commands fail`, () => {
    it('says which command is missing, and where it was looked for', async (t) => {
      const { folder, notes, batch, request } = setUp(t);
      const environment = { PATH: join(folder, 'nothing') };
      const lost = contract.open({ folder: notes, environment });
      const asked = request();
      await assert.rejects(
        lost.submit(asked),
        failsWith('unavailable', /no \w+ in PATH=.*nothing/),
      );
      await batch.submit(asked);
      await assert.rejects(lost.list(), failsWith('unavailable', new RegExp(`no ${look} in`)));
    });

    it('ends a command that hangs, and what it started', async (t) => {
      const { folder, batch, request, replaced } = setUp(t);
      await batch.submit(request());
      const mark = join(folder, 'hangs');
      const hanging = replaced(look, `trap '' TERM; sh -c 'echo $$ > "${mark}"; exec sleep 60'`, 1);
      const startedMs = performance.now();
      await assert.rejects(hanging.list(), failsWith('unavailable', /did not answer within 1 s/));
      assert.ok(performance.now() - startedMs < 15_000);
      const pid = Number(readFileSync(mark, 'utf8'));
      await until('what it started to end', 5, async () => !isRunning(pid));
    });

    it('quotes the first line of what it does not understand', async (t) => {
      const { batch, request, replaced } = setUp(t);
      const asked = request();
      await batch.submit(asked);
      for (const words of ['Welcome to the machine', '{"jobs": 7', '<html>']) {
        const odd = replaced(look, `echo '${words}'`);
        await assert.rejects(odd.list(), failsWith('unavailable', /Welcome|jobs|html/));
      }
      await assert.rejects(replaced(look, 'exit 0').list(), failsWith('unavailable', /./));
      await assert.rejects(replaced(look, 'exit 7').list(), failsWith('unavailable', /./));
      const odd = replaced(submit, 'echo gibberish');
      await assert.rejects(odd.submit(request()), failsWith('unavailable', /gibberish/));
      const [job] = (await batch.list()).filter(({ pilotId }) => pilotId === asked.pilotId);
      assert.notEqual(job?.state, 'ended');
    });

    it('finds a batch job again whose submission was cut off', async (t) => {
      const { folder, whole, batch, request, replaced, patience } = setUp(t);
      const asked = request();
      const cut = replaced(submit, '$REAL "$@" > /dev/null; exec sleep 60', hangSeconds);
      await assert.rejects(cut.submit(asked), failsWith('unavailable', /did not answer/));
      const { pilotId } = asked;
      const running = await untilState({
        batch,
        pilotId,
        state: 'running',
        patienceSeconds: patience,
      });
      assert.equal(await batch.submit(asked), running.batchJobId);
      // So does an agent that has lost its notes: the batch job's name is enough.
      const forgetful = contract.open({ folder: join(folder, 'other'), environment: whole });
      assert.equal(await forgetful.submit(asked), running.batchJobId);
      const all = (await batch.list()).filter((job) => job.pilotId === pilotId);
      assert.equal(all.length, 1);
      await batch.cancel([pilotId]);
      await untilState({ batch, pilotId, state: 'ended', patienceSeconds: patience });
      await batch.forget([pilotId]);
      assert.deepEqual(await batch.list(), []);
      assert.ok(!existsSync(asked.folder));
    });

    it('does not run a pilot twice though it was submitted twice', async (t) => {
      const { folder, batch, request, replaced, patience } = setUp(t);
      const out = join(folder, 'out');
      const asked = request({ command: ['sh', '-c', 'echo x >> "$1"; exec sleep 60', 'sh', out] });
      const twice = replaced(submit, '$REAL "$@" && exec $REAL "$@"');
      const { pilotId } = asked;
      await twice.submit(asked);
      await untilState({ batch, pilotId, state: 'running', patienceSeconds: patience });
      while (!existsSync(out)) await delay(5);
      await delay(500);
      assert.equal((await batch.list())[0]?.state, 'running');
      assert.equal(readFileSync(out, 'utf8'), 'x\n');
    });

    it('leaves the outcome open of a submission that was not accepted', async (t) => {
      const { batch, request, replaced } = setUp(t);
      const asked = request();
      const cut = replaced(submit, 'exec sleep 60', hangSeconds);
      await assert.rejects(cut.submit(asked), failsWith('unavailable', /did not answer/));
      assert.deepEqual(await batch.list(), []);
      await batch.submit(asked);
      assert.equal((await batch.list()).length, 1);
      const other = request();
      await assert.rejects(cut.submit(other), failsWith('unavailable', /did not answer/));
      await batch.forget([other.pilotId]);
      assert.equal((await batch.list()).length, 1);
    });

    it('refuses for good in the words of the batch system', async (t) => {
      const { batch, request } = setUp(t);
      const asked = request({ options: { queue: 'nowhere' } });
      await assert.rejects(batch.submit(asked), failsWith('invalid', /nowhere|queue/i));
      assert.deepEqual(await batch.list(), []);
      const bad = request({ environment: { 'A B': 'x' } });
      await assert.rejects(batch.submit(bad), failsWith('invalid', /A B/));
      const late = request({ options: { endsBeforeAt: new Date().toISOString() } });
      await assert.rejects(batch.submit(late), failsWith('invalid', /must have ended by/));
    });

    it('ends what would wait for ever', async (t) => {
      const { batch, request, patience } = setUp(t);
      const asked = request({ nodes: 9 });
      await batch.submit(asked);
      const { pilotId } = asked;
      const job = await untilState({ batch, pilotId, state: 'ended', patienceSeconds: patience });
      assert.match(job.reason ?? '', /wait for ever: \w+/);
      assert.equal(job.exitCode, null);
    });

    it('takes a state that nobody knows for what it is, and not for an end', async (t) => {
      const { batch, request, replaced, patience } = setUp(t);
      const asked = request();
      await batch.submit(asked);
      const { pilotId } = asked;
      await untilState({ batch, pilotId, state: 'running', patienceSeconds: patience });
      const odd = replaced(look, `$REAL "$@" | sed '${contract.unknownState}'`);
      const [job] = await odd.list();
      assert.equal(job?.state, 'unknown');
    });

    it('keeps secrets off command lines and from other users', async (t) => {
      const { folder, request, replaced } = setUp(t);
      const words = join(folder, 'words');
      const spy = replaced(submit, `echo "$@" > '${words}'; env >> '${words}'; exec $REAL "$@"`);
      const asked = request({ environment: { PATH: '/usr/bin:/bin', TOKEN: 'swordfish' } });
      await spy.submit(asked);
      assert.doesNotMatch(readFileSync(words, 'utf8'), /swordfish/);
      const script = join(asked.folder, 'script');
      assert.match(readFileSync(script, 'utf8'), /swordfish/);
      assert.equal(statSync(script).mode & 0o777, 0o600);
    });
  });
}

/** A process that has ended, and that nobody has waited for yet, is a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function failsWith(kind: ErrorKind, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, words);
    return true;
  };
}
