import { useState, type SyntheticEvent } from 'react';
import { Button, CopyButton, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { hub } from '../api/hub.ts';
import { hubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { InputEditor } from '../schema-form/input-editor.tsx';
import { emptyRunDraft, readRunDraft, startCommand, type RunDraft } from './run-draft.ts';
import classes from './start-form.module.css';

/** Asks for what a flow is given, checks it while one types, and starts a flow run. */
export function StartForm(props: { flow: Schemas['Flow']; input: JsonObject }) {
  const { flow } = props;
  const schema = flow.inputSchema as JsonObject;
  const [input, setInput] = useState(props.input);
  const [draft, setDraft] = useState(emptyRunDraft);
  const [hasTried, setTried] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const navigate = useNavigate();
  const inputFaults = validateInput(schema, input);
  const { options, faults } = readRunDraft(draft, hubNow());
  const count = inputFaults.length + Object.keys(faults).length + (isBroken ? 1 : 0);
  const start = useMutation({
    mutationFn: () => {
      const header = { 'Idempotency-Key': crypto.randomUUID() };
      const body = { ...options, flow: flow.name, input } as Schemas['StartFlowRunBody'];
      return unwrap(hub.POST('/api/v1/flow-runs', { params: { header }, body }));
    },
    onSuccess: ({ id }) => navigate({ to: '/flow-runs/$flowRunId', params: { flowRunId: id } }),
  });
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (count === 0) start.mutate();
  };
  return (
    <form onSubmit={onSubmit} className={classes.form} noValidate>
      <section className="ip-panel">
        <h2>What it is given</h2>
        <InputEditor
          schema={schema}
          value={input}
          onChange={setInput}
          faults={inputFaults}
          showsMissing={hasTried}
          onBroken={setBroken}
        />
      </section>
      <section className="ip-panel">
        <h2>How it runs</h2>
        <RunFields
          draft={draft}
          faults={hasTried ? faults : {}}
          onChange={(change) => setDraft((before) => ({ ...before, ...change }))}
        />
        {start.isError && <ProblemNotice error={start.error} />}
        <div className={classes.end}>
          <Button type="submit" loading={start.isPending}>
            Start
          </Button>
          <CopyButton value={startCommand(flow.name, input, draft)}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy as command'}
              </Button>
            )}
          </CopyButton>
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

/** Label, urgency, deadline, tags and project of a flow run. */
function RunFields(props: {
  draft: RunDraft;
  faults: Partial<Record<keyof RunDraft, string>>;
  onChange: (change: Partial<RunDraft>) => void;
}) {
  const { draft, faults, onChange } = props;
  const { data: me } = useQuery(queries.me());
  const projects = Object.entries(me?.projects ?? {})
    .filter(([, role]) => role !== 'reader')
    .map(([name]) => name);
  const text = (name: 'label' | 'deadline' | 'tags') => ({
    value: draft[name],
    error: faults[name] ?? null,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <div className={classes.fields}>
      <TextInput label="Label" description="What it is called in lists" {...text('label')} />
      <NativeSelect
        label="Urgency"
        description="Of its jobs, too"
        value={draft.urgency}
        data={['urgent', 'normal', 'backfill']}
        onChange={(event) =>
          onChange({ urgency: event.currentTarget.value as RunDraft['urgency'] })
        }
      />
      <TextInput
        label="Deadline"
        description="From now on"
        placeholder="10 min"
        {...text('deadline')}
      />
      <TextInput
        label="Tags"
        description="To find it again"
        placeholder="name:value, name:value"
        {...text('tags')}
      />
      <NativeSelect
        label="Project"
        description="Who pays"
        value={draft.project}
        data={[{ value: '', label: "The flow's" }, ...projects]}
        onChange={(event) => onChange({ project: event.currentTarget.value })}
      />
    </div>
  );
}
