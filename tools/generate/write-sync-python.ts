/**
 * The blocking text of a module of the Python client that is written for asyncio. The modules of
 * `_async` say how they differ only by `async`, `await`, names that begin with `Async`, and
 * `# sync: TEXT` over a method, which then has TEXT in its place; with `nothing` it is left out.
 */
export function writeSyncPython(text: string, source: string): string {
  const without = text.replaceAll(/^ *# sync: nothing\n(?:.+\n)+\n?/gmu, '');
  const words = replacements.reduce((done, [from, to]) => done.replaceAll(from, to), without);
  const plain = unwrap(words).replaceAll(/\bawait /gu, '');
  return `# Written by tools/generate.ts from ${source}: change that.\n${withImports(plain)}`;
}

const replacements: readonly (readonly [RegExp, string])[] = [
  [/# sync: /gu, ''],
  [/\basync (?=def|for|with)/gu, ''],
  [/\bAsync(?=[A-Z])/gu, ''],
  [/\b_async_(?=\w)/gu, '_'],
  [/\baread\b/gu, 'read'],
  [/\baiter_lines\b/gu, 'iter_lines'],
  [/\basyncio\.sleep\b/gu, 'time.sleep'],
  [/\basyncio\.TimeoutError\b/gu, 'concurrent.futures.TimeoutError'],
];

/** Without the brackets of `(await …)`, which only its `await` needs. */
function unwrap(text: string): string {
  const start = text.search(/(?<!\w)\(await /u);
  if (start === -1) return text;
  let depth = 0;
  let end = start;
  do {
    if (text[end] === '(') depth += 1;
    if (text[end] === ')') depth -= 1;
    end += 1;
  } while (depth > 0);
  const inside = text.slice(start + '(await '.length, end - 1);
  return unwrap(text.slice(0, start) + inside + text.slice(end));
}

/** What stands in for asyncio is imported in its place. */
function withImports(text: string): string {
  const wanted = ['concurrent.futures', 'time'].filter((name) => {
    return text.includes(`${name}.`) && !text.includes(`\nimport ${name}\n`);
  });
  return text.replace('import asyncio\n', wanted.map((name) => `import ${name}\n`).join(''));
}
