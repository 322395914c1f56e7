import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { checkData } from './check-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'ip-data-'));
after(() => rmSync(folder, { recursive: true }));
const shared = resolve(import.meta.dirname, '../../../../../shared/data');
const skip = existsSync(shared) ? false : `${shared} is not there`;

test('every path that cannot be analysed is named, and nothing is started', async () => {
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'hello');
  const missing = join(folder, 'missing.h5');
  await assert.rejects(checkData([text, missing], undefined), ({ message }: Error) => {
    assert.match(message, /notes\.txt/);
    assert.match(message, /cannot read .*missing\.h5: there is no such file/);
    return true;
  });
});

test('real files are recognised, and their folders offered once', { skip }, async () => {
  const paths = ['tomo/tooth.h5', 'tomo/tooth.h5', 'xpcs/bulk_water'];
  const { data, offered } = await checkData(
    paths.map((path) => join(shared, path)),
    undefined,
  );
  assert.deepEqual(
    offered.map(({ root }) => root),
    [join(shared, 'tomo'), join(shared, 'xpcs')],
  );
  const [tomo = '', xpcs = ''] = offered.map(({ collection }) => collection);
  assert.match(tomo, /^my-tomo-[0-9a-f]{6}$/);
  assert.match(xpcs, /^my-xpcs-[0-9a-f]{6}$/);
  assert.deepEqual(
    data.map(({ app, location }) => [app, location]),
    [
      ['tomo', `${tomo}:/tooth.h5`],
      ['tomo', `${tomo}:/tooth.h5`],
      ['xpcs', `${xpcs}:/bulk_water/`],
    ],
  );
});

test('--app overrules what the data look like', { skip }, async () => {
  const { data } = await checkData([join(shared, 'tomo/tooth.h5')], 'xpcs');
  assert.equal(data[0]?.app, 'xpcs');
});
