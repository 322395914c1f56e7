import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchPath } from './match-path.ts';

test('* stays within a name, ** crosses folders, ? is one character', () => {
  const cases: [string, string, boolean][] = [
    ['/**', '/a/b/c.h5', true],
    ['/*.h5', '/a.h5', true],
    ['/*.h5', '/a/b.h5', false],
    ['/**/*.h5', '/b.h5', true],
    ['/**/*.h5', '/a/b/c.h5', true],
    ['/**/*.h5', '/a/b/c.nxs', false],
    ['/run_?/x', '/run_7/x', true],
    ['/run_?/x', '/run_77/x', false],
    ['/run_?/x', '/run_//x', false],
    ['/a.b', '/aXb', false],
    ['/a[1]+(x)', '/a[1]+(x)', true],
    ['/a', '/a/b', false],
    ['/a/**', '/a', false],
    ['/line\nbreak*', '/line\nbreaks', true],
  ];
  for (const [pattern, path, expected] of cases) {
    assert.equal(matchPath(pattern, path), expected, `${pattern} ${path}`);
  }
});

/** The same by trying: slow, but plainly what is meant. */
function matchesByTrying(pattern: string, path: string): boolean {
  if (pattern === '') return path === '';
  if (pattern.startsWith('**/')) {
    const rest = pattern.slice(3);
    if (matchesByTrying(rest, path)) return true;
    return [...path].some(
      (letter, at) => letter === '/' && matchesByTrying(rest, path.slice(at + 1)),
    );
  }
  if (pattern.startsWith('**')) {
    const ends = Array.from({ length: path.length + 1 }, (_, end) => path.slice(end));
    return ends.some((rest) => matchesByTrying(pattern.slice(2), rest));
  }
  if (pattern.startsWith('*')) {
    const within = /^[^/]*/.exec(path)?.[0].length ?? 0;
    const ends = Array.from({ length: within + 1 }, (_, end) => path.slice(end));
    return ends.some((rest) => matchesByTrying(pattern.slice(1), rest));
  }
  if (path === '') return false;
  const same = pattern[0] === '?' ? path[0] !== '/' : pattern[0] === path[0];
  return same && matchesByTrying(pattern.slice(1), path.slice(1));
}

test('a folder that is told as one is found with and without its last stroke', () => {
  for (const pattern of ['/runs/*', '/runs/*/', '/runs/scan_?', '**']) {
    assert.equal(matchPath(pattern, '/runs/scan_7/'), true, pattern);
  }
  assert.equal(matchPath('/runs', '/runs/scan_7/'), false);
});

test('agrees with trying everything', () => {
  const piece = fc.constantFrom('a', 'b', '/', '.', '*', '**', '**/', '?');
  const pattern = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
  const path = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 7 });
  fc.assert(
    fc.property(pattern, path, (some, letters) => {
      const text = letters.join('');
      const shown = some.endsWith('/') ? text : text.replace(/(?<=.)\/+$/, '');
      const tried = matchesByTrying(some, shown);
      assert.equal(matchPath(some, text), tried, `${some} on ${text}`);
    }),
    { numRuns: 1000 },
  );
});

test('a pattern of many stars is answered at once', () => {
  const startedMs = performance.now();
  assert.equal(matchPath(`/${'**/*a'.repeat(20)}`, `/${'a/'.repeat(120)}b`), false);
  assert.ok(performance.now() - startedMs < 500);
});
