import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Answer, Question } from '@interpulse/api/agent-messages/questions.ts';
import { Collections } from '../collections/collections.ts';
import { QuestionDesk } from './question-desk.ts';

describe('looking at, making and deleting what lies in collections', () => {
  let folder: string;
  let desk: QuestionDesk;
  let busy = '';
  const at = (path: string): string => join(folder, 'open', path);
  const fill = (path: string): void => {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), path);
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ip-change-files-'));
    mkdirSync(at('inner/root'), { recursive: true });
    mkdirSync(join(folder, 'shut'));
    writeFileSync(join(folder, 'shut', 'kept'), 'kept');
    const root = (name: string): string => join(folder, name);
    const collections = new Collections([
      { name: 'open', root: root('open'), title: '', writable: true },
      { name: 'inner', root: root('open/inner/root'), title: '', writable: true },
      { name: 'shut', root: root('shut'), title: '', writable: false },
    ]);
    const inTheWay = (locations: readonly string[]) =>
      locations.includes(busy) ? { transferId: 'transfer_1', location: busy } : null;
    desk = new QuestionDesk(collections, { isHeld: () => false, inTheWay });
  });
  after(async () => {
    await desk.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (question: Question): Promise<Answer> => (await desk.answer(question)).message;
  const remove = (locations: string[], more: object = {}): Promise<Answer> => {
    const plain = { recursive: false, ignoreMissing: false, checkOnly: false };
    return ask({ ask: 'deletePaths', locations, ...plain, ...more });
  };
  const refused = async (kind: string, words: RegExp, asked: Promise<Answer>): Promise<void> => {
    const answer = await asked;
    assert.equal(answer.answer, 'problem', JSON.stringify(answer));
    assert.equal('kind' in answer ? answer.kind : '', kind);
    assert.match('message' in answer ? answer.message : '', words);
  };

  test('a look says what is there, and that nothing is', async () => {
    fill('look/a.h5');
    const file = await ask({ ask: 'lookAt', location: 'open:/look/a.h5' });
    assert.equal(file.answer, 'entry');
    const entry = 'entry' in file ? file.entry : null;
    assert.deepEqual([entry?.name, entry?.type, entry?.sizeBytes], ['a.h5', 'file', 9]);
    for (const location of ['open:/none', 'open:/look/a.h5/below', 'open:/no/where']) {
      assert.deepEqual(await ask({ ask: 'lookAt', location }), { answer: 'entry', entry: null });
    }
    await refused('notFound', /no collection/, ask({ ask: 'lookAt', location: 'other:/x' }));
    symlinkSync(tmpdir(), at('look/out'));
    await refused('invalid', /leads out/, ask({ ask: 'lookAt', location: 'open:/look/out' }));
  });

  test('a list has the names that are like the pattern, and says how many there are', async () => {
    for (const name of ['b_2.h5', 'b_1.h5', 'b_10.h5', '.hidden', 'b_1.txt']) fill(`list/${name}`);
    const names = async (more: object) => {
      const answer = await ask({ ask: 'listFolder', location: 'open:/list', ...more });
      return answer.answer === 'folder'
        ? [answer.entries.map(({ name }) => name), answer.total]
        : [answer];
    };
    assert.deepEqual(await names({ pattern: 'b_?.h5' }), [['b_1.h5', 'b_2.h5'], 2]);
    assert.deepEqual(await names({ pattern: '*_1*.*', limit: 2 }), [['b_1.h5', 'b_1.txt'], 3]);
    assert.deepEqual(await names({}), [['b_1.h5', 'b_1.txt', 'b_10.h5', 'b_2.h5'], 4]);
    assert.deepEqual(await names({ pattern: '.h*' }), [['.hidden'], 1]);
    // Would take for ever where each star tries all that the others did.
    assert.deepEqual(await names({ pattern: `${'*b'.repeat(60)}x` }), [[], 0]);
  });

  test('a folder is made with those above it; one that is there is no fault', async () => {
    const make = (location: string) => ask({ ask: 'makeFolder', location });
    assert.deepEqual(await make('open:/made/a/b'), { answer: 'madeFolder', isNew: true });
    assert.deepEqual(await make('open:/made/a/b/'), { answer: 'madeFolder', isNew: false });
    assert.ok(existsSync(at('made/a/b')));
    fill('made/file');
    await refused('conflict', /in the way/, make('open:/made/file'));
    await refused('forbidden', /read-only/, make('shut:/x'));
  });

  test('files and folders are deleted; links themselves, not what they point to', async () => {
    for (const name of ['a', 'tree/b', 'tree/deep/er/c']) fill(`gone/${name}`);
    symlinkSync(join(folder, 'shut'), at('gone/tree/link'));
    symlinkSync(join(folder, 'shut'), at('gone/alone'));
    const locations = ['open:/gone/a', 'open:/gone/tree/', 'open:/gone/alone'];
    await refused('invalid', /say recursive/, remove(locations));
    assert.equal(readdirSync(at('gone')).length, 3, 'nothing is half done');
    const check = await remove(locations, { recursive: true, checkOnly: true });
    assert.deepEqual([check.answer, readdirSync(at('gone')).length], ['deleted', 3]);
    const done = await remove(locations, { recursive: true });
    const counts = { files: 5, folders: 3, missing: 0, hasMore: false };
    assert.deepEqual(done, { answer: 'deleted', ...counts });
    assert.deepEqual(readdirSync(at('gone')), []);
    assert.deepEqual(readdirSync(join(folder, 'shut')), ['kept']);
    await refused('notFound', /not there/, remove(locations, { recursive: true }));
    const again = await remove(locations, { recursive: true, ignoreMissing: true });
    assert.equal('missing' in again ? again.missing : 0, 3);
  });

  test('no root, nothing read-only or outside, nothing that a transfer works on', async () => {
    const all = { recursive: true };
    await refused('invalid', /root/, remove(['open:/'], all));
    await refused('forbidden', /a collection is in it/, remove(['open:/inner/'], all));
    await refused('forbidden', /a collection is in it/, remove(['open:/inner/root'], all));
    await refused('forbidden', /read-only/, remove(['shut:/kept']));
    symlinkSync(join(folder, 'shut'), at('way-out'));
    await refused('invalid', /leads out/, remove(['open:/way-out/kept'], all));
    fill('file');
    await refused('invalid', /not a folder/, remove(['open:/file/'], all));
    busy = 'open:/file';
    await refused('unavailable', /transfer_1 works there/, remove(['open:/file']));
    busy = '';
    assert.ok(existsSync(at('file')) && existsSync(join(folder, 'shut', 'kept')));
  });
});
