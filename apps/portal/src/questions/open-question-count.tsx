import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import classes from './questions.module.css';

/** How many questions wait for who is signed in; nothing when there are none. */
export function OpenQuestionCount() {
  const { data } = useQuery(queries.openWebInputsForMe());
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  const shown = data?.next === null ? String(count) : `${count}+`;
  return (
    <span className={classes.count}>
      {shown}
      <span className={classes.unseen}> open for you</span>
    </span>
  );
}
