import { privateWithin } from '../flow-scope.ts';
import type { FlowScope, Shown } from '../flow-scope.ts';
import { isJsonObject } from '../../json.ts';
import type { Json } from '../../json.ts';
import { readJsonPath } from '../json-path.ts';
import { errorNames, StateError } from '../state-error.ts';
import { calculate } from './calculate.ts';
import {
  compare,
  contains,
  elementsOf,
  equals,
  inCharacters,
  isTrue,
  numberOf,
  typeName,
  WorkMeter,
} from './expression-values.ts';
import { ExpressionError } from './expression-syntax.ts';
import type { Expression } from './expression-syntax.ts';
import { functions } from './functions.ts';
import { methods } from './methods.ts';
import { parseExpression } from './parse-expression.ts';
import { readsOfExpression } from './reads-of-expression.ts';

/**
 * The value of an expression on a scope; all of it is private when it reads something private.
 * Throws a `StateError` with the expression and the character at fault, also past a limit.
 */
export function evaluateExpression(text: string, scope: FlowScope): Shown {
  try {
    const expression = parseExpression(text);
    const value = new Evaluation(scope).value(expression, new Map());
    const isPrivate = readsOfExpression(expression).some(
      ({ trail }) => privateWithin(trail, scope.privatePaths).length > 0,
    );
    return { value, privatePaths: isPrivate ? [[]] : [] };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const where = `character ${error.at + 1} of ${text.slice(0, 200)}`;
    throw new StateError(errorNames.expression, `${error.message}, at ${where}`);
  }
}

type Variables = ReadonlyMap<string, Json>;

class Evaluation {
  readonly #scope: FlowScope;
  readonly #meter = new WorkMeter();

  constructor(scope: FlowScope) {
    this.#scope = scope;
  }

  /** The value of an expression; every fault in it becomes an `ExpressionError` at its place. */
  value(expression: Expression, variables: Variables): Json {
    try {
      this.#meter.spend();
      return this.#valueOf(expression, variables);
    } catch (error) {
      if (error instanceof ExpressionError) throw error;
      if (
        error instanceof TypeError ||
        error instanceof RangeError ||
        error instanceof StateError
      ) {
        throw new ExpressionError(error.message, expression.at);
      }
      throw error;
    }
  }

  #valueOf(expression: Expression, variables: Variables): Json {
    const value = (inner: Expression): Json => this.value(inner, variables);
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'name':
        return this.#name(expression.name, variables);
      case 'path':
        return readJsonPath(this.#scope.document, expression.path, errorNames.expression);
      case 'list':
        return expression.elements.map(value);
      case 'dictionary':
        return Object.fromEntries(
          expression.members.map(([key, member]) => [keyOf(value(key)), value(member)]),
        );
      case 'comprehension':
        return this.#comprehension(expression, variables);
      case 'member':
        return memberOf(value(expression.object), expression.name);
      case 'index':
        return elementAt(value(expression.object), value(expression.index), this.#meter);
      case 'slice':
        return this.#slice(expression, variables);
      case 'call':
        return this.#call(expression, variables);
      case 'not':
        return !isTrue(value(expression.operand));
      case 'negate':
        return calculate('-', 0, value(expression.operand), this.#meter);
      case 'and': {
        const left = value(expression.left);
        return isTrue(left) ? value(expression.right) : left;
      }
      case 'or': {
        const left = value(expression.left);
        return isTrue(left) ? left : value(expression.right);
      }
      case 'conditional':
        return value(
          isTrue(value(expression.condition)) ? expression.whenTrue : expression.otherwise,
        );
      case 'binary': {
        const left = value(expression.left);
        return calculate(expression.operator, left, value(expression.right), this.#meter);
      }
      case 'comparisons':
        return this.#compare(expression, variables);
    }
  }

  #name(name: string, variables: Variables): Json {
    const bound = variables.get(name);
    if (bound !== undefined) return bound;
    const { document } = this.#scope;
    const found = Object.hasOwn(document, name) ? document[name] : undefined;
    if (found !== undefined) return found;
    const known = Object.keys(document).slice(0, 12).join(', ');
    throw new TypeError(`there is no ${name} in the state, which has ${known}`);
  }

  #comprehension(
    { element, variables: names, source, conditions }: Expression & { kind: 'comprehension' },
    variables: Variables,
  ): Json {
    const made: Json[] = [];
    for (const item of elementsOf(this.value(source, variables))) {
      const inner = new Map(variables);
      const parts = names.length === 1 ? [item] : elementsOf(item);
      if (parts.length !== names.length) {
        throw new TypeError(`${names.join(', ')} cannot be taken of ${parts.length} elements`);
      }
      for (const [index, name] of names.entries()) inner.set(name, parts[index] ?? null);
      if (!conditions.every((condition) => isTrue(this.value(condition, inner)))) continue;
      made.push(this.value(element, inner));
    }
    return made;
  }

  #slice({ object, from, to }: Expression & { kind: 'slice' }, variables: Variables): Json {
    const on = this.value(object, variables);
    if (typeof on !== 'string' && !Array.isArray(on)) {
      throw new TypeError(`cannot take a part of ${typeName(on)}`);
    }
    const bound = (limit: Expression | null): number | undefined => {
      const index = limit === null ? null : this.value(limit, variables);
      if (index === null) return undefined;
      const place = numberOf(index);
      if (place !== null && Number.isInteger(place)) return place;
      throw new TypeError(`a slice is bounded by whole numbers, not ${typeName(index)}`);
    };
    const [start, end] = [bound(from), bound(to)];
    const whole = typeof on === 'string' ? inCharacters(on, this.#meter) : null;
    const part = Array.isArray(whole) ? whole.slice(start, end).join('') : on.slice(start, end);
    this.#meter.make(part.length);
    return part;
  }

  #call(call: Expression & { kind: 'call' }, variables: Variables): Json {
    const { name } = call;
    const meter = this.#meter;
    const on = call.on === null ? null : this.value(call.on, variables);
    const given = call.arguments.map((argument) => this.value(argument, variables));
    if (call.on !== null) return known(methods, name, given).value(on, given, meter);
    return known(functions, name, given).value({ given, scope: this.#scope, meter });
  }

  /** `a < b < c` means `a < b and b < c`, as in Python. */
  #compare(expression: Expression & { kind: 'comparisons' }, variables: Variables): Json {
    let left = this.value(expression.first, variables);
    for (const { operator, right: rightExpression } of expression.rest) {
      const right = this.value(rightExpression, variables);
      if (!this.#holds(operator, left, right)) return false;
      left = right;
    }
    return true;
  }

  #holds(operator: string, left: Json, right: Json): boolean {
    if (operator === '==') return equals(left, right, this.#meter);
    if (operator === '!=') return !equals(left, right, this.#meter);
    if (operator === 'in') return contains(right, left, this.#meter);
    if (operator === 'not in') return !contains(right, left, this.#meter);
    const order = compare(left, right, this.#meter);
    if (operator === '<') return order < 0;
    if (operator === '<=') return order <= 0;
    return operator === '>' ? order > 0 : order >= 0;
  }
}

/** The function or method of a name. Throws a `TypeError` where it takes other arguments. */
function known<Named extends { least: number; most: number }>(
  all: Readonly<Record<string, Named>>,
  name: string,
  given: readonly Json[],
): Named {
  const found = all[name];
  if (found === undefined) throw new TypeError(`there is no function ${name}`);
  const { least, most } = found;
  if (given.length >= least && given.length <= most) return found;
  const range = least === most ? most : `${least} to ${most}`;
  throw new TypeError(`${name} takes ${range} arguments, not ${given.length}`);
}

function keyOf(value: Json): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`the keys of a dictionary are strings, not ${typeName(value)}`);
}

function memberOf(object: Json, name: string): Json {
  if (!isJsonObject(object)) throw new TypeError(`${typeName(object)} has no member ${name}`);
  const member = Object.hasOwn(object, name) ? object[name] : undefined;
  if (member !== undefined) return member;
  const known = Object.keys(object).slice(0, 12).join(', ');
  throw new TypeError(`there is no member ${name}; there are ${known || 'none'}`);
}

function elementAt(container: Json, index: Json, meter: WorkMeter): Json {
  if (isJsonObject(container)) return memberOf(container, keyOf(index));
  if (typeof container !== 'string' && !Array.isArray(container)) {
    throw new TypeError(`${typeName(container)} has no elements`);
  }
  const place = numberOf(index);
  if (place === null) throw new TypeError(`an index is a whole number, not ${typeName(index)}`);
  const elements = typeof container === 'string' ? inCharacters(container, meter) : container;
  const element = Number.isInteger(place) ? elements.at(place) : undefined;
  if (element !== undefined) return element;
  throw new TypeError(`there is no element ${place}; there are ${elements.length}`);
}
