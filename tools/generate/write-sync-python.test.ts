import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { writeSyncPython } from './write-sync-python.ts';

/** The text without its first line, which says what it is written from. */
const written = (text: string) => writeSyncPython(text, 'x').split('\n').slice(1).join('\n');

describe('the blocking half of the Python client', () => {
  it('says what it is written from', () => {
    assert.match(writeSyncPython('pass\n', '_async/a.py'), /^# Written by .* from _async\/a\.py/u);
  });

  it('waits where the other half awaits, and names the classes of its own half', () => {
    const text = [
      'from .._async_client import AsyncClient',
      'async def read(self: AsyncClient) -> AsyncIterator[int]:',
      '    async with self.http.stream() as answer:',
      '        async for line in answer.aiter_lines():',
      '            yield int((await self.ask(line))["count"]) + len(await answer.aread())',
      '',
    ].join('\n');
    const wanted = [
      'from .._client import Client',
      'def read(self: Client) -> Iterator[int]:',
      '    with self.http.stream() as answer:',
      '        for line in answer.iter_lines():',
      '            yield int(self.ask(line)["count"]) + len(answer.read())',
      '',
    ].join('\n');
    assert.equal(written(text), wanted);
  });

  it('keeps the brackets of calls and drops those of awaits, however deep', () => {
    assert.equal(written('f(await g((await h(1)).x(2)))\n'), 'f(g(h(1).x(2)))\n');
  });

  it('imports what stands in for asyncio, once', () => {
    const text = 'import asyncio\nimport time\n\nawait asyncio.sleep(time.time())\n';
    assert.equal(written(text), 'import time\n\ntime.sleep(time.time())\n');
    assert.equal(
      written('import asyncio\n\nraise asyncio.TimeoutError()\n'),
      'import concurrent.futures\n\nraise concurrent.futures.TimeoutError()\n',
    );
  });

  it('gives a method what its comment says, or leaves it out', () => {
    const text = [
      'class A:',
      '    # sync: nothing',
      '    def __await__(self):',
      '        return self.b().__await__()',
      '',
      '    # sync: @property',
      '    async def b(self):',
      '        return 1',
      '',
    ].join('\n');
    assert.equal(written(text), 'class A:\n    @property\n    def b(self):\n        return 1\n');
  });
});
