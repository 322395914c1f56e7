import ts from 'typescript';

import { isTest, isTypeScript, type Rule, type TidyFile } from './rule.ts';
import { listImports, startLine, selectNodes } from './syntax.ts';

/**
 * Pure libraries: schemas of our own words, and the JSON Schema that flows bring for theirs; and
 * re2js for the patterns in those, since it matches in linear time whatever the pattern is.
 */
const allowedPackages = /^(?:zod|ajv|ajv-formats|croner|re2js)(?:\/|$)/;

const impureMembers =
  /^(?:Date\.now|Math\.random|performance\.\w+|crypto\.\w+|process\.\w+|console\.\w+)$/;

const impureCalls = [
  'Date',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'require',
];

function isDomainSource(file: TidyFile): boolean {
  const isSource = file.path.startsWith('packages/domain/src/') && isTypeScript(file.path);
  return isSource && !isTest(file.path);
}

/** The domain is words and decisions: its only package is the schema library. */
export const domainImports: Rule = {
  name: 'the domain imports nothing but itself and schema libraries',
  check: (file) => {
    if (!isDomainSource(file)) return [];
    return listImports(file)
      .filter(({ specifier }) => !specifier.startsWith('.'))
      .filter(({ specifier }) => !allowedPackages.test(specifier))
      .map(({ specifier, line }) => ({ line, message: `imports ${specifier}` }));
  },
};

function impurityOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`;
    return impureMembers.test(name) ? name : undefined;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    const name = node.expression.text;
    return impureCalls.includes(name) ? `${name}()` : undefined;
  }
  const isDate =
    ts.isNewExpression(node) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'Date' &&
    (node.arguments?.length ?? 0) === 0;
  return isDate ? 'new Date()' : undefined;
}

/** Time and chance are passed in, so that every decision can be repeated. */
export const domainPurity: Rule = {
  name: 'the domain has no clock, randomness, process or input and output',
  check: (file) => {
    if (!isDomainSource(file)) return [];
    const isImpure = (node: ts.Node): node is ts.Node => impurityOf(node) !== undefined;
    return selectNodes(file, isImpure).map((node) => ({
      line: startLine(node),
      message: `uses ${impurityOf(node)}; pass the value in`,
    }));
  },
};
