import { flowLimits } from '../flow-limits.ts';
import { parseJsonPath } from '../json-path.ts';
import { ExpressionError } from './expression-syntax.ts';
import type { BinaryOperator, Expression } from './expression-syntax.ts';
import { functions } from './functions.ts';
import { methods } from './methods.ts';
import { tokenize } from './tokenize.ts';
import type { Token } from './tokenize.ts';

const constants: Record<string, null | boolean> = { True: true, False: false, None: null };
const words = new Set([
  'and',
  'or',
  'not',
  'in',
  'if',
  'else',
  'for',
  'is',
  'lambda',
  ...Object.keys(constants),
]);
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in']);

/**
 * Parses an expression by recursive descent, lowest binding first:
 *
 *     conditional := or ['if' or 'else' conditional]
 *     or          := and ('or' and)*
 *     and         := not ('and' not)*
 *     not         := 'not' not | comparison
 *     comparison  := sum (operator sum)*
 *     sum         := product (('+'|'-') product)*
 *     product     := unary (('*'|'/'|'//'|'%') unary)*
 *     unary       := ('-'|'+') unary | postfix
 *     postfix     := atom ('.' name | '(' … ')' | '[' … ']')*
 *     atom        := literal | name | `path` | '(' … ')' | list | dictionary
 *
 * Throws an `ExpressionError` with the character at fault.
 */
export function parseExpression(text: string): Expression {
  if (text.length > flowLimits.expressionCharacters) {
    throw new ExpressionError(`longer than ${flowLimits.expressionCharacters} characters`, 0);
  }
  const parser = new Parser(tokenize(text));
  return parser.whole();
}

class Parser {
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;
  #links = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#conditional();
    if (this.#token.kind !== 'end') this.#unexpected('an operator or the end');
    return expression;
  }

  get #token(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new ExpressionError('nothing to read', 0);
    return token;
  }

  #unexpected(expected: string): never {
    const { kind, text, at } = this.#token;
    const found = kind === 'end' ? 'the end' : JSON.stringify(text);
    throw new ExpressionError(`expected ${expected}, found ${found}`, at);
  }

  /** Takes the next token when it is this sign or word. */
  #take(text: string): boolean {
    const { kind, text: found } = this.#token;
    if (found !== text || (kind !== 'sign' && kind !== 'name')) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#unexpected(JSON.stringify(text));
  }

  #name(): string {
    const { kind, text } = this.#token;
    if (kind !== 'name' || words.has(text)) this.#unexpected('a name');
    this.#next += 1;
    return text;
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > flowLimits.expressionDepth) {
      throw new ExpressionError(`nested deeper than ${flowLimits.expressionDepth}`, this.#token.at);
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  /** Chains become trees as deep as they are long, and are walked by recursion. */
  #link(): void {
    this.#links += 1;
    if (this.#links > flowLimits.expressionLinks) {
      const message = `more than ${flowLimits.expressionLinks} operators, members and indices`;
      throw new ExpressionError(message, this.#token.at);
    }
  }

  #conditional(): Expression {
    return this.#deeper(() => {
      const { at } = this.#token;
      const whenTrue = this.#or();
      if (!this.#take('if')) return whenTrue;
      const condition = this.#or();
      this.#expect('else');
      return { kind: 'conditional', at, condition, whenTrue, otherwise: this.#conditional() };
    });
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('or')) {
      this.#link();
      left = { kind: 'or', at: left.at, left, right: this.#and() };
    }
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take('and')) {
      this.#link();
      left = { kind: 'and', at: left.at, left, right: this.#not() };
    }
    return left;
  }

  #not(): Expression {
    const { at } = this.#token;
    if (!this.#take('not')) return this.#comparison();
    return this.#deeper(() => ({ kind: 'not', at, operand: this.#not() }));
  }

  #comparison(): Expression {
    const first = this.#sum();
    const rest: { operator: BinaryOperator; right: Expression }[] = [];
    for (let operator = this.#comparisonSign(); operator !== null;) {
      rest.push({ operator, right: this.#sum() });
      operator = this.#comparisonSign();
    }
    return rest.length === 0 ? first : { kind: 'comparisons', at: first.at, first, rest };
  }

  #comparisonSign(): BinaryOperator | null {
    const { kind, text, at } = this.#token;
    if (kind !== 'sign' && kind !== 'name') return null;
    if (text === 'not' && this.#tokens[this.#next + 1]?.text === 'in') {
      this.#next += 2;
      return 'not in';
    }
    if (text === 'is') throw new ExpressionError('write == instead of "is"', at);
    if (!comparisons.has(text)) return null;
    this.#next += 1;
    return text as BinaryOperator;
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#product());
  }

  #product(): Expression {
    return this.#binary(['*', '//', '/', '%'], () => this.#unary());
  }

  #binary(signs: BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = signs.find((sign) => this.#take(sign));
      if (operator === undefined) return left;
      this.#link();
      left = { kind: 'binary', at: left.at, operator, left, right: operand() };
    }
  }

  #unary(): Expression {
    const { at } = this.#token;
    if (this.#take('-'))
      return this.#deeper(() => ({ kind: 'negate', at, operand: this.#unary() }));
    if (this.#take('+')) return this.#deeper(() => this.#unary());
    return this.#postfix();
  }

  #postfix(): Expression {
    let value = this.#atom();
    for (;;) {
      this.#link();
      const { at } = this.#token;
      if (this.#take('.')) value = this.#member(value, at);
      else if (this.#take('[')) value = this.#subscript(value, at);
      else if (this.#take('(')) {
        if (value.kind !== 'name') throw new ExpressionError('only a name can be called', at);
        if (!Object.hasOwn(functions, value.name)) {
          const known = Object.keys(functions).join(', ');
          throw new ExpressionError(`no function ${value.name}; there are ${known}`, value.at);
        }
        const given = this.#until(')', () => this.#conditional());
        value = { kind: 'call', at: value.at, name: value.name, on: null, arguments: given };
      } else return value;
    }
  }

  #member(object: Expression, at: number): Expression {
    const name = this.#name();
    if (!this.#take('(')) {
      if (name.startsWith('_')) {
        throw new ExpressionError(`members that start with _ are out of reach: ${name}`, at);
      }
      return { kind: 'member', at, object, name };
    }
    if (!Object.hasOwn(methods, name)) {
      const known = Object.keys(methods).join(', ');
      throw new ExpressionError(`no method ${name}; there are ${known}`, at);
    }
    return {
      kind: 'call',
      at,
      name,
      on: object,
      arguments: this.#until(')', () => this.#conditional()),
    };
  }

  #subscript(object: Expression, at: number): Expression {
    const from = this.#token.text === ':' ? null : this.#conditional();
    if (this.#take(':')) {
      const to = this.#take(']') ? null : this.#conditional();
      if (to !== null) this.#expect(']');
      return { kind: 'slice', at, object, from, to };
    }
    if (from === null) this.#unexpected('an index');
    this.#expect(']');
    return { kind: 'index', at, object, index: from };
  }

  /** A list with commas up to a closing sign; a comma may stand before it. */
  #until<Item>(closing: string, item: () => Item): Item[] {
    const items: Item[] = [];
    while (!this.#take(closing)) {
      items.push(item());
      if (!this.#take(',')) {
        this.#expect(closing);
        break;
      }
    }
    return items;
  }

  #atom(): Expression {
    const { kind, text, at } = this.#token;
    if (kind === 'name' && Object.hasOwn(constants, text)) {
      this.#next += 1;
      return { kind: 'literal', at, value: constants[text] ?? null };
    }
    if (kind === 'name') return { kind: 'name', at, name: this.#name() };
    if (kind === 'number' || kind === 'string' || kind === 'path') {
      this.#next += 1;
      if (kind === 'path') return pathAt(text, at);
      return { kind: 'literal', at, value: kind === 'number' ? Number(text) : text };
    }
    if (this.#take('(')) {
      const inner = this.#conditional();
      this.#expect(')');
      return inner;
    }
    if (this.#take('[')) return this.#list(at);
    if (this.#take('{')) {
      const members = this.#until('}', (): [Expression, Expression] => {
        const key = this.#conditional();
        this.#expect(':');
        return [key, this.#conditional()];
      });
      return { kind: 'dictionary', at, members };
    }
    return this.#unexpected('a value');
  }

  #list(at: number): Expression {
    if (this.#take(']')) return { kind: 'list', at, elements: [] };
    const element = this.#conditional();
    if (!this.#take('for')) {
      const more = this.#take(',') ? this.#until(']', () => this.#conditional()) : null;
      if (more === null) this.#expect(']');
      return { kind: 'list', at, elements: [element, ...(more ?? [])] };
    }
    const variables = [this.#name()];
    while (this.#take(',')) variables.push(this.#name());
    this.#expect('in');
    const source = this.#or();
    const conditions: Expression[] = [];
    while (this.#take('if')) conditions.push(this.#or());
    this.#expect(']');
    return { kind: 'comprehension', at, element, variables, source, conditions };
  }
}

function pathAt(path: string, at: number): Expression {
  const parsed = parseJsonPath(path);
  if ('problem' in parsed) {
    throw new ExpressionError(`${path}: ${parsed.problem}`, at + 1 + parsed.position);
  }
  return { kind: 'path', at, path };
}
