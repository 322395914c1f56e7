import ts from 'typescript';

import { isCode, isTest, isTypeScript, type Rule } from './rule.ts';
import { endLine, selectNodes, startLine } from './syntax.ts';

const limits = {
  fileLines: 400,
  testFileLines: 600,
  functionLines: 60,
  /** JSX spends a line on almost every property; what it says is less than it looks. */
  componentLines: 120,
  columns: 100,
};

/** A file that fits in the head. */
export const fileLength: Rule = {
  name: `files have at most ${limits.fileLines} lines, tests ${limits.testFileLines}`,
  check: (file) => {
    if (!isCode(file.path)) return [];
    const lines = file.text.trimEnd().split('\n').length;
    const limit = isTest(file.path) ? limits.testFileLines : limits.fileLines;
    return lines <= limit ? [] : [{ line: limit + 1, message: `${lines} lines` }];
  },
};

type WithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

function isFunction(node: ts.Node): node is WithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** A callback of `describe`, `suite`, `test` or `it`, which counts by itself. */
function isTestCallback(node: ts.Node): boolean {
  const call = node.parent;
  if (!ts.isCallExpression(call)) return false;
  return /^(?:describe|suite|test|it|t\.test)\b/.test(call.expression.getText());
}

function nameOf(node: ts.Node): string {
  const named = node as { name?: ts.Node };
  if (named.name) return named.name.getText();
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : 'a callback';
}

/** Lines of a function, without those of the tests that it registers. */
function ownLines(node: ts.Node): number {
  let lines = endLine(node) - startLine(node) + 1;
  const subtract = (child: ts.Node): void => {
    if (isFunction(child) && isTestCallback(child)) lines -= endLine(child) - startLine(child) + 1;
    else ts.forEachChild(child, subtract);
  };
  ts.forEachChild(node, subtract);
  return lines;
}

/** A function that fits on a screen. */
export const functionLength: Rule = {
  name: `functions have at most ${limits.functionLines} lines, components ${limits.componentLines}`,
  check: (file) => {
    if (!isTypeScript(file.path)) return [];
    return selectNodes(file, isFunction).flatMap((node) => {
      const name = nameOf(node);
      const isComponent = file.path.endsWith('.tsx') && /^[A-Z]/.test(name);
      const limit = isComponent ? limits.componentLines : limits.functionLines;
      const lines = ownLines(node);
      if (lines <= limit) return [];
      return [{ line: startLine(node), message: `${name} has ${lines} lines` }];
    });
  },
};

/** Addresses and module names cannot be broken. */
const unbreakable = /https?:\/\/|\bfrom '|import\('/;

/** Lines that two windows side by side can show. */
export const lineWidth: Rule = {
  name: `lines of code have at most ${limits.columns} columns`,
  check: (file) => {
    if (!isCode(file.path)) return [];
    return file.text.split('\n').flatMap((text, index) => {
      const columns = Array.from(text).length;
      if (columns <= limits.columns || unbreakable.test(text)) return [];
      return [{ line: index + 1, message: `${columns} columns` }];
    });
  },
};
