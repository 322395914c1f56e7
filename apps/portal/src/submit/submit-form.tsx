import { useState, type SyntheticEvent } from 'react';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { hubNow } from '../api/hub-clock.ts';
import { JsonView } from '../parts/json-view.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { AskFields } from './ask-fields.tsx';
import type { JobDraft } from './job-draft.ts';
import { toRequest } from './to-request.ts';
import { RunFields } from './run-fields.tsx';
import { WhatFields } from './what-fields.tsx';
import { WhereFields } from './where-fields.tsx';
import classes from './submit-form.module.css';

/** What every part of the form is given. */
export interface FormPart {
  draft: JobDraft;
  onChange: (change: Partial<JobDraft>) => void;
  /** What is wrong with a field; null while nobody has tried to submit, or when nothing is. */
  faultOf: (field: string) => string | null;
  app: Schemas['RegisteredApp'] | undefined;
}

/** Asks for everything that a job needs, says what is missing, shows the request, submits it. */
export function SubmitForm(props: { start: JobDraft; apps: Schemas['RegisteredApp'][] }) {
  const [draft, setDraft] = useState(props.start);
  const [hasTried, setTried] = useState(false);
  const navigate = useNavigate();
  const app = props.apps.find((each) => each.name === draft.app);
  const [isBroken, setBroken] = useState(false);
  const read = toRequest(draft, app, hubNow());
  const { request, faults, parameterFaults, inputFaults } = read;
  const given = [...parameterFaults, ...inputFaults];
  const count = Object.keys(faults).length + given.length + (isBroken ? 1 : 0);
  const submit = useMutation({
    mutationFn: () => unwrap(hub.POST('/api/v1/jobs', { body: { jobs: [request] } })),
    onSuccess: async ({ jobIds: [jobId] }) => {
      if (jobId !== undefined) await navigate({ to: '/jobs/$jobId', params: { jobId } });
    },
  });
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (count === 0) submit.mutate();
  };
  const part: FormPart = {
    draft,
    onChange: (change) => setDraft((before) => ({ ...before, ...change })),
    faultOf: (field) => (hasTried ? (faults[field] ?? null) : null),
    app,
  };
  return (
    <form onSubmit={onSubmit} className={classes.form} noValidate>
      <div className="ip-stack">
        <WhatFields
          {...part}
          apps={props.apps}
          parameterFaults={parameterFaults}
          inputFaults={inputFaults}
          showsMissing={hasTried}
          onBroken={setBroken}
        />
        <RunFields {...part} />
      </div>
      <div className="ip-stack">
        <WhereFields {...part} />
        <AskFields {...part} />
      </div>
      <section className={`ip-panel ${classes.wide}`}>
        <JsonView title="The request" value={{ jobs: [request] }} isOpen={false} />
        {submit.isError && <ProblemNotice error={submit.error} />}
        <div className={classes.end}>
          <Button type="submit" loading={submit.isPending}>
            Submit job
          </Button>
          {hasTried && count > 0 && (
            <span role="alert" style={{ color: 'var(--ip-bad)' }}>
              {count === 1 ? 'One field needs attention.' : `${count} fields need attention.`}
            </span>
          )}
        </div>
      </section>
    </form>
  );
}
