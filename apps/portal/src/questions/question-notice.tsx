import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { queries } from '../api/queries.ts';
import { TimeLeft } from './time-left.tsx';
import classes from './questions.module.css';

/** On a flow run's page: that it waits for people, with the way to answer. */
export function QuestionNotice(props: { flowRunId: string }) {
  const { data } = useQuery(queries.openWebInputsOfRun(props.flowRunId));
  if (data === undefined || data.items.length === 0) return null;
  return (
    <section className={classes.notice} aria-label="Questions of this flow run">
      {data.items.map((asked) => (
        <p key={asked.id}>
          {asked.awaited ? 'Waits for a person' : 'Asks a person'}: {asked.question.title}{' '}
          <span className="ip-dim">
            (<TimeLeft until={asked.expiresAt} /> left)
          </span>{' '}
          <Link to="/questions/$webInputId" params={{ webInputId: asked.id }}>
            {asked.mayAnswer ? 'Answer' : 'Look at it'}
          </Link>
        </p>
      ))}
    </section>
  );
}
