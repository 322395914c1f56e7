import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appSchema, type AppInput } from '@interpulse/domain/app/app.ts';
import { describeApp } from './describe-app.ts';

const lines = (app: Omit<AppInput, 'name'>): string[] =>
  describeApp({ ...appSchema.parse({ name: 'fit', ...app }), revision: 1, digests: {} }).map(
    ([name, value]) => `${name}: ${value}`,
  );

test('an app says what runs, around what, and what follows a bad end', () => {
  const said = lines({
    command: ['fit', ['--width', '{width}'], '{file}'],
    ...{ preamble: ['module load fit'], pre: [['fetch', '{file}']], post: [['tidy']] },
    ...{ environment: { LEVEL: '2' }, outputs: [{ name: 'log', path: '*.log', required: false }] },
    onError: { retries: 2, delaySeconds: 10, exitCodes: [75], resources: { cores: 4 } },
    onTimeout: { retries: 1, resources: { walltimeSeconds: 7200 } },
  });
  for (const line of [
    'command: fit [--width {width}] {file}',
    'preamble: module load fit',
    'before it: fetch {file}',
    'after it: tidy',
    'sets LEVEL: 2',
    'when it fails: runs up to 2 times more after exit code 75, first after 10.0 s, with cores 4',
    'out of time: runs once more, first after 0.00 s, with walltimeSeconds 7200',
    'output log: *.log, optional',
  ]) {
    assert.ok(said.includes(line), `${line} is not in\n${said.join('\n')}`);
  }
});

test('what an app does not have is not mentioned', () => {
  const said = lines({ command: ['fit'] }).join('\n');
  assert.doesNotMatch(said, /preamble|before it|after it|sets|when it fails|out of time/);
});
