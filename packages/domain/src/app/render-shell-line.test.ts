import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../error.ts';
import { checkShellLine, renderShellLine } from './render-command.ts';

/** What a real shell makes of a line: the words that its command gets. */
function wordsOf(line: string): string[] {
  const script = `emit() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${line}`;
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
  assert.equal(status, 0, `${line}\n${stderr}`);
  return stdout.split('\0').slice(0, -1);
}

test('words become a line, values words of it, lists without a value are dropped', () => {
  const command = ['fit {in} |', 'sort > {out}', ['--mask', '{mask}'], '&& echo $HOME ${{PATH}}'];
  assert.equal(
    renderShellLine(command, { in: '/a b', out: "it's" }),
    "fit '/a b' | sort > 'it'\\''s' && echo $HOME ${PATH}",
  );
  assert.equal(renderShellLine(['emit', ['-m', '{m}']], { m: 3 }), "emit -m '3'");
  assert.throws(() => renderShellLine(['fit {in}'], {}), /needs a value for "in"/);
  assert.throws(() => renderShellLine(['fit {in}'], { in: 'a\0b' }), /NUL/);
});

/** Text of the kind that breaks out of quotes where something is wrong. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '"', '\\', '`', '$(', ')', '$', '${', '}', ';', '\n', '#', '|', '&'),
      fc.constantFrom('<<E', '~', '*', '!', ' ', '-', '{x}', '$(emit pwned)', "'; emit pwned; '"),
      fc.string(),
    ),
    { maxLength: 8 },
  )
  // A shell's word has no NUL; what is no valid text is not text after a pipe.
  .map((parts) => parts.join('').replaceAll('\0', '').toWellFormed());

test('a value is one word for a real shell, whatever it holds', () => {
  fc.assert(
    fc.property(nasty, nasty, (a, b) => {
      const line = renderShellLine(['emit {a} x={b}{a}; # done\nemit', '$(emit {b} | tr -d a-z)'], {
        a,
        b,
      });
      const words = wordsOf(line.split('emit $(')[0] ?? '');
      assert.deepEqual(words, [a, `x=${b}${a}`]);
      assert.deepEqual(wordsOf(renderShellLine(['if true; then emit {a}; fi'], { a })), [a]);
      assert.deepEqual(wordsOf(renderShellLine(['y=z; emit "${{y}}"{a}$y'], { a })), [`z${a}z`]);
    }),
    { numRuns: 150 },
  );
});

test('names where quoting does not protect are refused before anything runs', () => {
  const wrong = [
    'emit "{a}"',
    "emit '{a}'",
    'emit `emit {a}`',
    'emit \\{a}',
    `emit \${a}`,
    "emit $'{a}'",
    'emit x # {a}',
    'cat <<E\n{a}\nE',
    'emit $(( {a} ))',
    'emit "x$(emit {a})"',
    'emit x;#{a}',
  ];
  for (const line of wrong) {
    assert.throws(() => renderShellLine([line], { a: '1' }), DomainError, line);
    assert.throws(() => checkShellLine([line]), /the shell line has \{a\}/, line);
  }
  // Over the words of a command as well as within one.
  assert.throws(() => checkShellLine(['emit "', '{a}', '"']), DomainError);
  assert.throws(() => checkShellLine(['emit', ['# {a}']]), DomainError);
  const right = [
    'emit "x" {a}',
    "emit 'x'{a}",
    'emit a#{a}',
    'emit \\"{a}',
    'emit x # y\nemit {a}',
  ];
  for (const line of right) checkShellLine([line]);
});

test('no template that passes lets a value break out of its word', () => {
  const piece = fc.constantFrom(
    ...`'"\\\`$() #\nx<;|&{}`.replace(/[{}]/g, ''),
    '${{',
    '}}',
    '$(',
    '"$(',
  );
  const template = fc.array(fc.oneof({ weight: 2, arbitrary: piece }, fc.constant('{a}')), {
    minLength: 1,
    maxLength: 10,
  });
  const values = ["'; printf pwned; '", '$(printf pwned)', '`printf pwned`', '"; printf pwned; "'];
  // On many systems it is bash that is called sh.
  const shells = fc.constantFrom('/bin/sh', '/bin/bash');
  const comment = 'x\nprintf pwned\n';
  const escaped = "\\'; printf pwned #";
  fc.assert(
    fc.property(
      template,
      fc.constantFrom(...values, comment, escaped),
      shells,
      (parts, a, shell) => {
        let line = '';
        try {
          line = renderShellLine(['true', parts.join('')], { a });
        } catch (error) {
          assert.ok(error instanceof DomainError);
          return;
        }
        const script = ['-c', `x() { :; }\n${line}`];
        const { stdout, error } = spawnSync(shell, script, { encoding: 'utf8', input: '' });
        assert.equal(error, undefined);
        assert.doesNotMatch(stdout, /pwned/, line);
      },
    ),
    { numRuns: 400 },
  );
});
