import type { ReactNode } from 'react';
import classes from './fact-list.module.css';

/** One fact: its name and its value. */
export interface Fact {
  name: string;
  value: ReactNode;
}

/** Names and values, aligned; facts without a value (null) are left out. */
export function FactList(props: { facts: Fact[] }) {
  return (
    <dl className={classes.list}>
      {props.facts
        .filter((fact) => fact.value !== null && fact.value !== undefined && fact.value !== '')
        .map((fact) => (
          <div key={fact.name} className={classes.fact}>
            <dt>{fact.name}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
    </dl>
  );
}
