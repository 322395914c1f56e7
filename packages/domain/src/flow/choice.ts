import { z } from 'zod';
import { choiceTests } from './choice-tests.ts';
import type { Json, JsonObject, JsonTrail } from '../json.ts';
import { followTrail, parseJsonPath, readJsonPath } from './json-path.ts';
import { errorNames } from './state-error.ts';
import type { StateInspection } from './state-inspection.ts';

/**
 * A rule of a Choice: exactly one of And, Or, Not and a Variable with one test from
 * {@link choiceTests}. `Next` belongs in top-level rules only.
 */
export interface ChoiceRule {
  Next?: string | undefined;
  And?: ChoiceRule[] | undefined;
  Or?: ChoiceRule[] | undefined;
  Not?: ChoiceRule | undefined;
  Variable?: string | undefined;
  [test: string]: Json | ChoiceRule | ChoiceRule[] | undefined;
}

const testShape = Object.fromEntries(
  Object.entries(choiceTests).map(([name, test]) => [name, test.operand.optional()]),
);

/** Closed schema of {@link ChoiceRule}; {@link inspectChoiceRule} checks what it cannot say. */
export const choiceRuleSchema: z.ZodType<ChoiceRule> = z.strictObject({
  Next: z.string().min(1).optional(),
  And: z
    .array(z.lazy(() => choiceRuleSchema))
    .min(1)
    .optional(),
  Or: z
    .array(z.lazy(() => choiceRuleSchema))
    .min(1)
    .optional(),
  Not: z.lazy(() => choiceRuleSchema).optional(),
  Variable: z.string().optional(),
  ...testShape,
});

const forms = ['And', 'Or', 'Not', 'Variable'] as const;

/** Checks one rule, top-level or nested: one form, one test, paths, the place of `Next`. */
export function inspectChoiceRule(
  rule: ChoiceRule,
  at: JsonTrail,
  inspection: StateInspection,
  nested = false,
): void {
  const given = forms.filter((form) => rule[form] !== undefined);
  const tests = testsOf(rule);
  if (given.length !== 1) {
    const has = given.join(' and ') || 'none';
    const msg = `a rule has exactly one of ${forms.join(', ')}; it has ${has}`;
    inspection.fault(at, 'choice_rule', msg);
  } else if (tests.length !== (given[0] === 'Variable' ? 1 : 0)) {
    const msg = `a rule has one test beside Variable and none elsewhere; it has ${tests.length}`;
    inspection.fault(at, 'choice_rule', `${msg}; join several with And`);
  }
  if (nested && rule.Next !== undefined) {
    inspection.fault([...at, 'Next'], 'choice_rule', 'only a top-level rule has Next');
  }
  if (!nested && rule.Next === undefined) {
    inspection.fault(at, 'choice_rule', 'a top-level rule needs Next');
  }
  if (rule.Variable !== undefined) inspection.readPath([...at, 'Variable'], rule.Variable);
  for (const name of tests) {
    const operand = rule[name];
    if (name.endsWith('Path') && typeof operand === 'string') {
      inspection.readPath([...at, name], operand);
    }
  }
  for (const form of ['And', 'Or'] as const) {
    for (const [index, inner] of (rule[form] ?? []).entries()) {
      inspectChoiceRule(inner, [...at, form, index], inspection, true);
    }
  }
  if (rule.Not !== undefined) inspectChoiceRule(rule.Not, [...at, 'Not'], inspection, true);
}

/**
 * Whether a rule holds on `scope` (the state document with `_context`). A value of another type
 * than the test's is false. A missing variable throws a `StateError`, except for IsPresent.
 */
export function holdsChoiceRule(rule: ChoiceRule, scope: JsonObject): boolean {
  if (rule.And !== undefined) return rule.And.every((inner) => holdsChoiceRule(inner, scope));
  if (rule.Or !== undefined) return rule.Or.some((inner) => holdsChoiceRule(inner, scope));
  if (rule.Not !== undefined) return !holdsChoiceRule(rule.Not, scope);
  const path = rule.Variable ?? '$';
  return testsOf(rule).every((name) => {
    const test = choiceTests[name];
    const given = rule[name] as Json;
    if (test === undefined) return false;
    if (name === 'IsPresent') return isPresent(path, scope) === given;
    const value = readJsonPath(scope, path, errorNames.choice);
    const operand = name.endsWith('Path')
      ? readJsonPath(scope, pathFrom(given), errorNames.choice)
      : given;
    return test.holds(value, operand);
  });
}

/** The schema has seen to it that the operand of a `...Path` test is a string. */
function pathFrom(operand: Json): string {
  return typeof operand === 'string' ? operand : '';
}

function isPresent(path: string, scope: JsonObject): boolean {
  const parsed = parseJsonPath(path);
  return 'trail' in parsed && followTrail(scope, parsed.trail).found;
}

function testsOf(rule: ChoiceRule): string[] {
  return Object.keys(rule).filter((name) => Object.hasOwn(choiceTests, name));
}
