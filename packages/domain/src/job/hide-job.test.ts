import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hideWords } from '../hide-words.ts';
import { hideArguments, hideJob, privateWords } from './hide-job.ts';

const job = {
  label: 'a job',
  parameters: { token: 'swordfish', list: [{ key: 'trout' }, 2], plain: 1 },
  inputs: { file: 'raw:/swordfish.h5', other: 'raw:/other.h5' },
  environment: { TOKEN: 'swordfish' },
  tags: { scan: '12' },
  reason: 'swordfish bit',
};

test('what paths lead to is hidden, and its words in the reason', () => {
  const paths = [['parameters', 'token'], ['parameters', 'list', 0], ['inputs', 'file'], ['none']];
  assert.deepEqual(hideJob(job, paths), {
    ...job,
    parameters: { token: '(private)', list: ['(private)', 2], plain: 1 },
    inputs: { other: 'raw:/other.h5' },
    reason: '(private) bit',
  });
  assert.equal(hideJob(job, []), job);
});

test('the empty path hides all that was asked, in the shape that it has', () => {
  assert.deepEqual(hideJob(job, [[]]), {
    label: '(private)',
    parameters: { token: '(private)', list: '(private)', plain: '(private)' },
    inputs: {},
    environment: { TOKEN: '(private)' },
    tags: { scan: '(private)' },
    reason: '(private) bit',
  });
});

test('arguments with a private value are hidden, short ones where they are whole', () => {
  const words = privateWords(job, [
    ['parameters', 'list'],
    ['parameters', 'token'],
  ]);
  const argv = ['run', '--key=trout', 'swordfish.h5', '2', '-n2', '{"key":"trout"}'];
  const hidden = ['run', '(private)', '(private).h5', '(private)', '-n2', '(private)'];
  assert.deepEqual(hideArguments(argv, words), hidden);
  assert.equal(hideWords('2 trouts', words), '2 (private)s');
});
