import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { FormForThose } from '../access/form-for-those.tsx';
import { triggerQueries } from '../api/trigger-queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { draftOf, readSource } from './trigger-draft.ts';
import { TriggerForm } from './trigger-form.tsx';
import classes from './triggers.module.css';

const route = getRouteApi('/triggers/$trigger/edit');

/** Changes a trigger; what it remembers of events stays. */
export function EditTriggerPage() {
  const { trigger: name } = route.useParams();
  const { data, isLoadingError, error } = useQuery(triggerQueries.trigger(name));
  return (
    <>
      <PageHeader
        title={`Edit ${name}`}
        above={
          <Link to="/triggers/$trigger" params={{ trigger: name }}>
            {name}
          </Link>
        }
      />
      {isLoadingError && <ProblemNotice error={error} />}
      {data && (
        <FormForThose what="change this trigger" project={data.project}>
          <Form key={name} trigger={data} />
        </FormForThose>
      )}
    </>
  );
}

function Form(props: { trigger: Schemas['Trigger'] }) {
  // What others change meanwhile must not replace what one types.
  const [start] = useState(() => draftOf(props.trigger, 'UTC'));
  const isWhole = sorted(readSource(start)) === sorted(props.trigger.source);
  return (
    <>
      {!isWhole && (
        <div className={classes.pause} role="alert">
          <p>
            It tests a value in more ways than this form shows: saving would leave some out. Change
            it with <code>interpulse trigger save</code> instead.
          </p>
        </div>
      )}
      <TriggerForm start={start} isNew={false} />
    </>
  );
}

/** The same text for the same value, whatever the order of its members. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
