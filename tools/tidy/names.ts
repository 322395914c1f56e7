import { posix } from 'node:path';

import { type Finding, isTypeScript, type Rule } from './rule.ts';
import { listImports, parse, startLine } from './syntax.ts';
import ts from 'typescript';

/** Names that are theirs by custom: of tools, of people who look for them, of Python. */
const customaryNames =
  /^(?:\..+|[A-Z]+(?:\.md)?|CITATION\.cff|Dockerfile|__\w+__\.py|py\.typed|[a-z_]\w*\.pyi?|d_\w+)$/;

const kebabCase = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/;

/** A folder `site_name/` of Python modules is a package name, which Python gives no hyphens. */
function isPythonFolder(path: string): boolean {
  return path.startsWith('clients/python/');
}

/** Names that look the same on every system and in every import. */
export const fileNames: Rule = {
  name: 'file and folder names are kebab-case',
  check: (file) => {
    const wrong = file.path
      .split('/')
      .filter((part) => !kebabCase.test(part) && !customaryNames.test(part));
    if (wrong.length === 0 || isPythonFolder(file.path)) return [];
    return [{ line: 1, message: `rename ${wrong.join(', ')}` }];
  },
};

const emptyWords = ['utils', 'util', 'helpers', 'helper', 'common', 'manager', 'misc', 'handler2'];

/** A name that says what is inside. */
export const emptyNames: Rule = {
  name: `no file or folder is named ${emptyWords.join(', ')}`,
  check: (file) => {
    const words = file.path.toLowerCase().split(/[/._-]/);
    const found = emptyWords.filter((word) => words.includes(word));
    return found.map((word) => ({ line: 1, message: `"${word}" says nothing about the content` }));
  },
};

/** Each file is imported by its own name: see docs/decisions/0001. */
export const noBarrels: Rule = {
  name: 'rooms have no barrels: no index.ts, no export *',
  check: (file) => {
    if (!/^(?:packages|apps)\//.test(file.path) || !isTypeScript(file.path)) return [];
    const findings: Finding[] = [];
    if (/^index\.tsx?$/.test(posix.basename(file.path))) {
      findings.push({ line: 1, message: 'name the file after what it holds' });
    }
    for (const statement of parse(file).statements) {
      if (ts.isExportDeclaration(statement) && !statement.exportClause) {
        findings.push({ line: startLine(statement), message: 'export * hides where names live' });
      }
    }
    return findings;
  },
};

/** Node runs the sources as they are, so an import names the file. */
export const importEndings: Rule = {
  name: 'imports of our own files carry their ending',
  check: (file) => {
    if (!isTypeScript(file.path)) return [];
    return listImports(file)
      .filter(({ specifier }) => /^(?:\.|@interpulse\/)/.test(specifier))
      .filter(
        ({ specifier }) => !/\.(?:ts|tsx|js|mjs|css|json|svg|wasm)(?:\?\w+)?$/.test(specifier),
      )
      .map(({ specifier, line }) => ({ line, message: specifier }));
  },
};
