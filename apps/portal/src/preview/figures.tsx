import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatMeasured } from '../format/quantity.ts';
import classes from './figures.module.css';

type Figure = NonNullable<Schemas['Preview']['figures']>[number];

/** Figures of merit: large ones are read across the room. */
export function Figures(props: { figures: Figure[]; isLarge?: boolean }) {
  if (props.figures.length === 0) return null;
  return (
    <dl className={classes.figures} data-large={props.isLarge}>
      {props.figures.map((figure) => (
        <div key={figure.label}>
          <dt>{figure.label}</dt>
          <dd>
            {formatMeasured(figure.value, figure.error)}
            {figure.unit && <span> {figure.unit}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
