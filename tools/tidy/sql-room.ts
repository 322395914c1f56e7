import ts from 'typescript';

import { isTypeScript, type Rule } from './rule.ts';
import { listImports, selectNodes, startLine } from './syntax.ts';

/** The store, what sets up databases for tests, and peers measured side by side. */
const roomsWithSql = /^(?:packages\/store|packages\/testing\/src\/database|bench)\//;

const databasePackages = /^(?:pg|kysely)(?:\/|$)/;

const statements = new RegExp(
  [
    'select\\s[^]+\\sfrom\\s',
    'insert\\s+into\\s',
    'update\\s+\\S+\\s+set\\s',
    'delete\\s+from\\s',
    '(?:create|alter|drop|truncate)\\s+(?:table|index|schema|database|role|view)\\s',
  ]
    .map((statement) => `^\\s*${statement}`)
    .join('|'),
  'i',
);

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || isHead(node);
}

function isHead(node: ts.Node): node is ts.TemplateHead {
  return ts.isTemplateHead(node);
}

/** One room talks to the database, so that the schema can change in one place. */
export const sqlRoom: Rule = {
  name: 'SQL and its drivers stay in the store',
  check: (file) => {
    if (!isTypeScript(file.path) || roomsWithSql.test(file.path)) return [];
    const imports = listImports(file)
      .filter(({ specifier }) => databasePackages.test(specifier))
      .map(({ specifier, line }) => ({ line, message: `imports ${specifier}` }));
    const literals = selectNodes(file, isText)
      .filter((node) => statements.test(node.text))
      .map((node) => ({ line: startLine(node), message: node.text.trim().slice(0, 60) }));
    return [...imports, ...literals];
  },
};
