import type { ReactNode } from 'react';
import classes from './fact-list.module.css';

/** One fact: its name and its value. */
export interface Fact {
  name: string;
  value: ReactNode;
}

/** Names and values, in one column or as many as fit; those without a value are left out. */
export function FactList(props: { facts: Fact[]; inColumns?: boolean }) {
  return (
    <dl className={classes.list} data-columns={props.inColumns}>
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
