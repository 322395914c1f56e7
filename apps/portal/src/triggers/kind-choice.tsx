import { sourceKinds } from './source-words.ts';
import type { TriggerDraft } from './trigger-draft.ts';
import classes from './triggers.module.css';

/** What kind of thing a trigger listens to: asked first, since all else follows from it. */
export function KindChoice(props: {
  value: TriggerDraft['kind'];
  onChange: (kind: TriggerDraft['kind']) => void;
}) {
  return (
    <fieldset className={classes.kinds} aria-label="Kind of source">
      {sourceKinds.map(({ kind, title, words }) => (
        <label key={kind}>
          <input
            type="radio"
            name="kind"
            value={kind}
            checked={props.value === kind}
            onChange={() => props.onChange(kind)}
          />
          {title}
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
