import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { AnswerForm } from './answer-form.tsx';
import { AnswerGiven } from './answer-given.tsx';
import { TimeLeft } from './time-left.tsx';
import { valueWords } from './value-words.ts';
import classes from './questions.module.css';

const route = getRouteApi('/questions/$webInputId');

/** One question of a flow run: what it is about, and the answer. Made for a phone first. */
export function QuestionPage() {
  const { webInputId } = route.useParams();
  const queryClient = useQueryClient();
  const { data: asked, isLoadingError, error, refetch } = useQuery(queries.webInput(webInputId));
  if (isLoadingError) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (asked === undefined) return <p className="ip-dim">…</p>;
  const { question } = asked;
  const close = async () => {
    const params = { path: { webInputId } };
    const body = { reason: 'closed in the portal' };
    await unwrap(hub.POST('/api/v1/web-inputs/{webInputId}/close', { params, body }));
    await queryClient.invalidateQueries({ queryKey: queries.webInput(webInputId).queryKey });
  };
  return (
    <div className={classes.page}>
      <PageHeader title={question.title} above={<Link to="/questions">Questions</Link>}>
        {asked.status === 'open' && (
          <span className="ip-dim">
            <TimeLeft until={asked.expiresAt} /> left
          </span>
        )}
      </PageHeader>
      <div className="ip-stack">
        {(question.text !== '' || question.rows.length > 0) && (
          <section className="ip-panel">
            {question.text !== '' && <p className={classes.text}>{question.text}</p>}
            {question.rows.length > 0 && (
              <dl className={classes.facts}>
                {question.rows.map((row, place) => (
                  // Fields may have the same name; rows never change.
                  <div key={place}>
                    <dt>{row.field}</dt>
                    <dd>{valueWords(row.value)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </section>
        )}
        <section className="ip-panel">
          {asked.status === 'open' ? <OpenQuestion asked={asked} /> : <AnswerGiven asked={asked} />}
        </section>
        <section className="ip-panel">
          <h2>About the question</h2>
          <QuestionFacts asked={asked} />
          {asked.mayClose && (
            <div className={classes.end}>
              <ConfirmButton
                label="Close unanswered"
                question="For the flow run this is as if nobody had answered in time."
                confirm="Close unanswered"
                onConfirm={close}
              />
            </div>
          )}
        </section>
      </div>
    </div>
  );
}

function OpenQuestion(props: { asked: Schemas['WebInput'] }) {
  const { asked } = props;
  if (asked.mayAnswer) return <AnswerForm key={asked.id} asked={asked} />;
  return (
    <>
      <h2>Options</h2>
      <ul className={classes.plain}>
        {asked.question.options.map((option) => (
          <li key={String(option.value)}>
            {option.label} <span className="ip-dim">{option.description}</span>
          </li>
        ))}
      </ul>
      <p className="ip-dim">This question is for others: {respondentWords(asked)}.</p>
    </>
  );
}

function QuestionFacts(props: { asked: Schemas['WebInput'] }) {
  const { asked } = props;
  return (
    <FactList
      facts={[
        { name: 'Status', value: <StatusMark status={asked.status} /> },
        {
          name: 'Time left',
          value: asked.status === 'open' ? <TimeLeft until={asked.expiresAt} /> : null,
        },
        { name: 'Expires', value: <TimeText at={asked.expiresAt} /> },
        { name: 'Who may answer', value: respondentWords(asked) },
        {
          name: 'Flow run',
          value: (
            <Link to="/flow-runs/$flowRunId" params={{ flowRunId: asked.flowRunId }}>
              {asked.label || asked.flowName}
            </Link>
          ),
        },
        {
          name: 'Waits',
          value: asked.status === 'open' ? waitWords(asked.awaited) : null,
        },
        { name: 'Asked', value: <TimeText at={asked.createdAt} /> },
      ]}
    />
  );
}

function waitWords(isAwaited: boolean): string {
  return isAwaited ? 'the flow run stands still' : 'not yet, it goes on meanwhile';
}

function respondentWords({ respondents }: Schemas['WebInput']): string {
  if (respondents === null) return 'not told';
  const projects = respondents.projects.map((name) => `members of ${name}`);
  return [...respondents.users, ...projects].join(', ');
}
