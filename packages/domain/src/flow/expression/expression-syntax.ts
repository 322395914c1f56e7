/** Operators of two values. */
export type BinaryOperator =
  '+' | '-' | '*' | '/' | '//' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** A parsed expression. `at` is the character (from 0) where it starts in the text. */
export type Expression = { at: number } & (
  | { kind: 'literal'; value: null | boolean | number | string }
  | { kind: 'name'; name: string }
  | { kind: 'path'; path: string }
  | { kind: 'list'; elements: Expression[] }
  | { kind: 'dictionary'; members: [Expression, Expression][] }
  | {
      kind: 'comprehension';
      element: Expression;
      variables: string[];
      source: Expression;
      conditions: Expression[];
    }
  | { kind: 'member'; object: Expression; name: string }
  | { kind: 'index'; object: Expression; index: Expression }
  | {
      kind: 'slice';
      object: Expression;
      from: Expression | null;
      to: Expression | null;
    }
  | { kind: 'call'; name: string; on: Expression | null; arguments: Expression[] }
  | { kind: 'negate' | 'not'; operand: Expression }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression }
  | {
      kind: 'comparisons';
      first: Expression;
      rest: { operator: BinaryOperator; right: Expression }[];
    }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'conditional'; condition: Expression; whenTrue: Expression; otherwise: Expression }
);

/** A fault in the text of an expression. Never leaves this folder but as a fault or StateError. */
export class ExpressionError extends Error {
  /** Character in the text, from 0. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = 'ExpressionError';
    this.at = at;
  }
}
