import type { Json } from '@interpulse/domain/json.ts';
import type { Question } from '@interpulse/domain/web-input/question.ts';
import classes from './questions.module.css';

/** Options as large buttons with what they mean; one of them is chosen. */
export function OptionCards(props: {
  options: Question['options'];
  chosen: Json;
  onChoose: (value: Json) => void;
}) {
  return (
    <fieldset className={classes.options}>
      <legend>Choose one</legend>
      {props.options.map(({ value, label, description }) => (
        <label key={`${typeof value} ${value}`} className={classes.option}>
          <input
            type="radio"
            name="option"
            checked={props.chosen === value}
            onChange={() => props.onChoose(value)}
          />
          <span>
            <strong>{label}</strong>
            {description !== '' && <small>{description}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
