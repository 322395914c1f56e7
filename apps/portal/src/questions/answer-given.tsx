import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { JsonView } from '../parts/json-view.tsx';
import { TimeText } from '../parts/time-text.tsx';
import classes from './questions.module.css';

/** How a question ended: the answer with who gave it, or why there is none. */
export function AnswerGiven(props: { asked: Schemas['WebInput'] }) {
  const { asked } = props;
  if (asked.status === 'expired') {
    return (
      <>
        <h2>Expired</h2>
        <p className={classes.answer}>Nobody answered in time.</p>
      </>
    );
  }
  if (asked.status === 'closed') {
    return (
      <>
        <h2>Closed</h2>
        <p className={classes.answer}>
          Closed unanswered{asked.endedBy !== null && ` by ${asked.endedBy}`}, {asked.comment}
        </p>
      </>
    );
  }
  return (
    <>
      <h2>Answer</h2>
      {asked.question.kind === 'form' ? (
        <JsonView title="What was filled in" value={asked.response} />
      ) : (
        <p className={classes.answer}>{labelsOf(asked).join(', ') || 'none of them'}</p>
      )}
      <p className="ip-dim">
        {asked.endedBy}, <TimeText at={asked.endedAt} />
      </p>
      {asked.comment !== '' && <p className={classes.text}>{asked.comment}</p>}
    </>
  );
}

function labelsOf({ question, response }: Schemas['WebInput']): string[] {
  const values: unknown[] = Array.isArray(response) ? response : [response];
  return values.map((value) => {
    const option = question.options.find((each) => each.value === value);
    return option?.label ?? String(value);
  });
}
