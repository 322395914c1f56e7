import { useState, type SyntheticEvent } from 'react';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { TriggerRules } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { faultTeller, type DraftFields } from './draft-fields.ts';
import { DryRunPanel } from './dry-run-panel.tsx';
import { KindChoice } from './kind-choice.tsx';
import { MappingField } from './mapping-field.tsx';
import { MatchCount } from './match-count.tsx';
import { NoticeRulesField } from '../notices/notice-rules-field.tsx';
import { CountFields, ProjectField, RunFields } from './rule-fields.tsx';
import { SecretNotice } from './secret-notice.tsx';
import { SourceFields } from './source-fields.tsx';
import { Trial } from './trial.tsx';
import { readSource, readTriggerDraft, type TriggerDraft } from './trigger-draft.ts';
import { useLastEvent } from './use-last-event.ts';
import classes from './triggers.module.css';

/** Asks for what a trigger needs, its kind first; checks while one types; saves. */
export function TriggerForm(props: { start: TriggerDraft; isNew: boolean }) {
  const { start, isNew } = props;
  const [draft, setDraft] = useState(start);
  const [hasTried, setTried] = useState(false);
  const [isBroken, setBroken] = useState(false);
  const { save, refused } = useSave(draft);
  const reading = readTriggerDraft(draft);
  const tell = faultTeller([...reading.faults, ...refused], hasTried);
  const fields: DraftFields = {
    draft,
    onChange: (change) => {
      save.reset();
      setDraft((before) => ({ ...before, ...change }));
    },
    faultAt: (place) => tell(place, typedAt(draft, place)),
  };
  const count = reading.faults.length + (isBroken ? 1 : 0);
  const onSubmit = (event: SyntheticEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    setTried(true);
    const { submitter } = event.nativeEvent;
    const isDry = submitter instanceof HTMLButtonElement && submitter.value === 'dry';
    if (count === 0) save.mutate(isDry);
  };
  if (save.data?.secret != null) {
    const { source } = save.data;
    const signs = source.kind === 'webhook' ? source.signs : 'delivery';
    return (
      <SecretNotice name={draft.name} secret={save.data.secret} signs={signs}>
        <p style={{ margin: '14px 0 0' }}>
          <Link to="/triggers/$trigger" params={{ trigger: draft.name }}>
            To the trigger
          </Link>
        </p>
      </SecretNotice>
    );
  }
  return (
    <form onSubmit={onSubmit} className={classes.form} noValidate>
      <SourcePanel {...fields} isNew={isNew} />
      <FlowPanel {...fields} reading={reading} onBroken={setBroken} />
      <section className="ip-panel">
        <h2>When an event counts</h2>
        <CountFields {...fields} />
      </section>
      <section className="ip-panel">
        <h2>How the flow runs</h2>
        <RunFields {...fields} />
      </section>
      <section className="ip-panel">
        <h2>Who is told of its flow runs, beside those who asked for it</h2>
        <NoticeRulesField rules={draft.notify} onChange={(notify) => fields.onChange({ notify })} />
      </section>
      <section className="ip-panel">
        <h2>What would have fired</h2>
        <DryRunPanel
          name={draft.name}
          trigger={() => {
            setTried(true);
            const fitting = reading.faults.filter(({ loc }) => loc[0] !== 'name');
            return fitting.length === 0 && !isBroken ? reading.request : null;
          }}
        />
      </section>
      {save.isError && <ProblemNotice error={save.error} />}
      <SaveBar count={hasTried ? count : 0} isBusy={save.isPending} />
    </form>
  );
}

function useSave(draft: TriggerDraft) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (_isDry: boolean) => {
      const params = { path: { trigger: draft.name } };
      const body = readTriggerDraft(draft).request;
      return unwrap(hub.PUT('/api/v1/triggers/{trigger}', { params, body }));
    },
    onSuccess: async ({ secret, name }, isDry) => {
      const about = new Set(['trigger', 'triggers']);
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => about.has(String(queryKey[0])),
      });
      // The secret of a new webhook is shown this once, before one goes on.
      if (secret !== null) return;
      const search = isDry ? { dry: true as const } : {};
      await navigate({ to: '/triggers/$trigger', params: { trigger: name }, search });
    },
  });
  const refused = save.error instanceof DomainError ? save.error.faults : [];
  return { save, refused };
}

function SaveBar(props: { count: number; isBusy: boolean }) {
  const { count, isBusy } = props;
  return (
    <div className={classes.end}>
      <Button type="submit" value="save" loading={isBusy}>
        Save
      </Button>
      <Button type="submit" value="dry" variant="default" disabled={isBusy}>
        Save and dry run
      </Button>
      {count > 0 && (
        <span role="alert" style={{ color: 'var(--ip-bad)' }}>
          {count === 1 ? 'One field needs attention.' : `${count} fields need attention.`}
        </span>
      )}
    </div>
  );
}

function SourcePanel(props: DraftFields & { isNew: boolean }) {
  const { draft, onChange, faultAt, isNew } = props;
  const { data: flows } = useQuery(queries.flows());
  return (
    <section className="ip-panel">
      <h2>What it listens to</h2>
      <KindChoice value={draft.kind} onChange={(kind) => onChange({ kind })} />
      <div style={{ margin: '18px 0 0' }}>
        <SourceFields {...props} />
        <MatchCount draft={draft} flowName={draft.flowName || (flows?.items[0]?.name ?? '')} />
      </div>
      {isNew && (
        <div className={classes.fields} style={{ marginTop: 18 }}>
          <TextInput
            label="Name of the trigger"
            description="Small letters, digits, - . _"
            required
            value={draft.name}
            error={faultAt('name')}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <ProjectField {...props} />
        </div>
      )}
    </section>
  );
}

function FlowPanel(
  props: DraftFields & {
    reading: ReturnType<typeof readTriggerDraft>;
    onBroken: (isBroken: boolean) => void;
  },
) {
  const { draft, onChange, faultAt, reading } = props;
  const { data: flows } = useQuery(queries.flows());
  const flow = flows?.items.find(({ name }) => name === draft.flowName);
  const inputSchema = (flow?.inputSchema ?? {}) as JsonObject;
  const source = readSource(draft);
  const shown = useLastEvent({ name: draft.name, project: draft.project, source });
  const isFit = !reading.faults.some(({ loc }) => loc[0] !== 'name' && loc[0] !== 'source');
  return (
    <section className="ip-panel">
      <h2>What it starts</h2>
      <div style={{ maxWidth: 520, marginBottom: 16 }}>
        <NativeSelect
          label="Flow"
          description="Of the library"
          required
          value={draft.flowName}
          error={faultAt('flowName')}
          data={[
            { value: '', label: 'choose…' },
            ...(flows?.items ?? []).map(({ name, title }) => ({
              value: name,
              label: title || name,
            })),
          ]}
          onChange={(event) => onChange({ flowName: event.currentTarget.value })}
        />
      </div>
      <h3 className="ip-heading">Its input; without any, what the event gives</h3>
      <MappingField
        label="Input mapping"
        value={draft.input}
        onChange={(input) => onChange({ input })}
        onBroken={props.onBroken}
        example={shown.document}
        exampleTitle={shown.title}
        inputSchema={inputSchema}
        faults={reading.faults.filter(({ loc }) => loc[0] === 'input')}
      >
        {isFit && draft.flowName !== '' && (
          <Trial
            rules={reading.request as unknown as TriggerRules}
            source={source}
            shown={shown}
            inputSchema={inputSchema}
          />
        )}
      </MappingField>
    </section>
  );
}

/** What stands in the field of a place: nothing there is only missing. */
function typedAt(draft: TriggerDraft, place: string): string {
  const typed: Record<string, string> = {
    name: draft.name,
    flowName: draft.flowName,
    'source.instrument': draft.instrument,
    'source.name': draft.parameter,
    'source.files': draft.runFiles,
    'source.flowName': draft.afterFlow,
    deadline: draft.due === 'expression' ? draft.dueAt : draft.dueSpan,
  };
  return typed[place] ?? 'something';
}
