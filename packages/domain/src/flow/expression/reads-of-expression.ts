import type { JsonTrail } from '../../json.ts';
import { parseJsonPath } from '../json-path.ts';
import type { Expression } from './expression-syntax.ts';
import { trailOfReference } from './functions.ts';

/** A part of the state that an expression reads, as far as its text tells. */
export interface ExpressionRead {
  trail: JsonTrail;
  /** Whether it may be absent: asked for by `getattr` or `is_present`. */
  optional: boolean;
}

/** Everything that an expression may read from the state. */
export function readsOfExpression(expression: Expression): ExpressionRead[] {
  const reads: ExpressionRead[] = [];
  collect(expression, new Set(), reads);
  return reads;
}

function collect(expression: Expression, bound: Set<string>, reads: ExpressionRead[]): void {
  const trail = trailOf(expression, bound);
  if (trail !== null) {
    reads.push({ trail, optional: false });
    return;
  }
  switch (expression.kind) {
    case 'comprehension': {
      collect(expression.source, bound, reads);
      const inner = new Set([...bound, ...expression.variables]);
      for (const part of [expression.element, ...expression.conditions]) {
        collect(part, inner, reads);
      }
      return;
    }
    case 'call':
      collectCall(expression, bound, reads);
      return;
    default:
      for (const part of partsOf(expression)) collect(part, bound, reads);
  }
}

function collectCall(
  call: Expression & { kind: 'call' },
  bound: Set<string>,
  reads: ExpressionRead[],
): void {
  if (call.on === null && (call.name === 'getattr' || call.name === 'is_present')) {
    const [reference] = call.arguments;
    // A reference put together while running may be anything, so that it counts as everything.
    const trail = reference?.kind === 'literal' ? trailOfReference(reference.value) : [];
    if (trail !== null) reads.push({ trail, optional: true });
  }
  for (const part of partsOf(call)) collect(part, bound, reads);
}

/** The trail of a name with constant members and indices, or of a path; else null. */
function trailOf(expression: Expression, bound: Set<string>): JsonTrail | null {
  switch (expression.kind) {
    case 'name':
      return bound.has(expression.name) ? null : [expression.name];
    case 'path': {
      const parsed = parseJsonPath(expression.path);
      return 'trail' in parsed ? parsed.trail : null;
    }
    case 'member': {
      const trail = trailOf(expression.object, bound);
      return trail === null ? null : [...trail, expression.name];
    }
    case 'index': {
      const { index } = expression;
      const step = index.kind === 'literal' ? index.value : null;
      if (typeof step !== 'string' && typeof step !== 'number') return null;
      const trail = trailOf(expression.object, bound);
      return trail === null ? null : [...trail, step];
    }
    default:
      return null;
  }
}

function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'name':
    case 'path':
      return [];
    case 'list':
      return expression.elements;
    case 'dictionary':
      return expression.members.flat();
    case 'comprehension':
      return [expression.source, expression.element, ...expression.conditions];
    case 'member':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'slice':
      return [expression.object, expression.from, expression.to].filter((part) => part !== null);
    case 'call':
      return expression.on === null
        ? expression.arguments
        : [expression.on, ...expression.arguments];
    case 'negate':
    case 'not':
      return [expression.operand];
    case 'comparisons':
      return [expression.first, ...expression.rest.map(({ right }) => right)];
    case 'binary':
    case 'and':
    case 'or':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.otherwise];
  }
}
