import ts from 'typescript';

import { findPattern, isCode, isTest, isTypeScript, type Rule } from './rule.ts';
import { selectNodes, startLine } from './syntax.ts';

/** The checker is asked, not silenced. */
export const noAny: Rule = {
  name: 'no any',
  check: (file) => {
    if (!isTypeScript(file.path)) return [];
    const isAny = (node: ts.Node): node is ts.Node => node.kind === ts.SyntaxKind.AnyKeyword;
    return selectNodes(file, isAny).map((node) => ({ line: startLine(node), message: 'any' }));
  },
};

// Words are put together so that this file passes its own rules.
const silencers = new RegExp(
  ['@ts-(?:ignore|nocheck)', '(?:eslint|oxlint|biome)-(?:disable|ignore)'].join('|'),
  'g',
);
const expectedError = new RegExp(['@ts-expect-', 'error(?<reason>.*)'].join(''), 'g');

/** A test may show that something does not compile, and says what. */
export const noSilencers: Rule = {
  name: 'no comment silences the type checker or the linter',
  check: (file) => {
    if (!isCode(file.path)) return [];
    const findings = findPattern(file.text, silencers, 'remove');
    for (const match of file.text.matchAll(expectedError)) {
      if (isTest(file.path) && /\w{3}/.test(match.groups?.['reason'] ?? '')) continue;
      findings.push(
        ...findPattern(file.text, new RegExp(match[0], 'g'), 'only in tests, with why'),
      );
    }
    return findings;
  },
};

const laterWords = new RegExp(['\\b(?:TO', 'DO|FIX', 'ME|X', 'XX)\\b'].join(''), 'g');

/** What is left to do is an issue, not a comment. */
export const noLaterNotes: Rule = {
  name: 'no notes about work left for later in the code',
  check: (file) =>
    isCode(file.path) ? findPattern(file.text, laterWords, 'do it or drop it') : [],
};

const testCalls = /^(?:test|it|describe|suite|\w+\.test)$/;
const testFunctions = /^(?:test|it|describe|suite)\.(?:skip|only|todo)$/;

function isUnexplained(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) {
    const name = node.expression.getText();
    if (testFunctions.test(name)) return true;
    // `t.skip()` inside a test takes the reason as its argument.
    return /^\w+\.skip$/.test(name) && node.arguments.length === 0;
  }
  if (!ts.isPropertyAssignment(node) || !ts.isObjectLiteralExpression(node.parent)) return false;
  const call = node.parent.parent;
  if (!ts.isCallExpression(call) || !testCalls.test(call.expression.getText())) return false;
  const isFlag = ['skip', 'only', 'todo'].includes(node.name.getText());
  return isFlag && node.initializer.kind === ts.SyntaxKind.TrueKeyword;
}

/** A test is skipped with `{ skip: reason }`, where the reason is shown at the end of the run. */
export const explainedSkips: Rule = {
  name: 'tests are skipped only with a reason, and never singled out',
  check: (file) => {
    if (!isTest(file.path) || !isTypeScript(file.path)) return [];
    const isWrong = (node: ts.Node): node is ts.Node => isUnexplained(node);
    return selectNodes(file, isWrong).map((node) => ({
      line: startLine(node),
      message: `${node.getText().split('\n')[0]?.slice(0, 60)}`,
    }));
  },
};

/** A capability is a documented boolean, so that callers can ask before they call. */
export const noOptionalMethods: Rule = {
  name: 'no interface has an optional method',
  check: (file) => {
    if (!isTypeScript(file.path)) return [];
    const isOptional = (node: ts.Node): node is ts.MethodSignature =>
      ts.isMethodSignature(node) && node.questionToken !== undefined;
    return selectNodes(file, isOptional).map((node) => ({
      line: startLine(node),
      message: `${node.name.getText()}?()`,
    }));
  },
};
