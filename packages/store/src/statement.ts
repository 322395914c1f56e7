import { createHash } from 'node:crypto';

declare const shape: unique symbol;

/** A prepared statement for a hot path, made by {@link statement}. */
export interface Statement<Row, Parameters extends readonly unknown[]> {
  readonly name: string;
  readonly text: string;
  /** Only a type: what comes out and what goes in. */
  readonly [shape]: { row: Row; parameters: Parameters };
}

/**
 * A statement that each connection parses once. `name` is for people who read pg_stat_statements;
 * a hash of the text makes it unique. Make it once, at the top of a module.
 */
export function statement<Row, Parameters extends readonly unknown[] = []>(
  name: string,
  text: string,
): Statement<Row, Parameters> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { name: `${name}_${hash}`, text } as Statement<Row, Parameters>;
}
