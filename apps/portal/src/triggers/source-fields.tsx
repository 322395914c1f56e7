import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { ConditionFields, TestFields } from './condition-fields.tsx';
import type { DraftFields } from './draft-fields.ts';
import { ScheduleFields } from './schedule-fields.tsx';
import type { TriggerDraft } from './trigger-draft.ts';
import classes from './triggers.module.css';

/** The fields of one kind of source, and no others. */
export function SourceFields(props: DraftFields) {
  switch (props.draft.kind) {
    case 'file':
      return <FileFields {...props} />;
    case 'run':
      return <RunFields {...props} />;
    case 'parameter':
      return <ParameterFields {...props} />;
    case 'dataset':
      return <DatasetFields {...props} />;
    case 'schedule':
      return <ScheduleFields {...props} />;
    case 'webhook':
      return <WebhookFields {...props} />;
    case 'flow':
      return <FlowFields {...props} />;
  }
}

function InstrumentChoice(props: DraftFields & { isOptional?: boolean }) {
  const { draft, onChange, faultAt, isOptional = false } = props;
  const { data } = useQuery(queries.instruments());
  const items = data?.items ?? [];
  return (
    <NativeSelect
      label="Instrument"
      required={!isOptional}
      value={draft.instrument}
      error={isOptional ? null : faultAt('source.instrument')}
      data={[
        { value: '', label: isOptional ? 'any' : 'choose…' },
        ...items.map(({ name, title }) => ({ value: name, label: title || name })),
      ]}
      onChange={(event) => onChange({ instrument: event.currentTarget.value })}
    />
  );
}

function FileFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  return (
    <div className={classes.fields}>
      <InstrumentChoice {...props} />
      <TextInput
        label="Pattern of the path"
        description="* stays within a name, ** crosses folders"
        placeholder="/raw/**/*.h5"
        value={draft.pattern}
        error={faultAt('source.pattern')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onChange={(event) => onChange({ pattern: event.currentTarget.value })}
      />
    </div>
  );
}

function RunFields(props: DraftFields) {
  const { draft, onChange } = props;
  return (
    <div className={classes.fields}>
      <InstrumentChoice {...props} />
      <div>
        <div style={{ fontSize: '0.875rem', fontWeight: 500, marginBottom: 4 }}>At its</div>
        <SegmentedControl
          aria-label="At which end of the run"
          value={draft.on}
          data={['start', 'end']}
          onChange={(on) => onChange({ on })}
        />
      </div>
    </div>
  );
}

function ParameterFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  return (
    <div className={classes.fields}>
      <InstrumentChoice {...props} />
      <TextInput
        label="Parameter"
        placeholder="as the control system names it"
        required
        value={draft.parameter}
        error={faultAt('source.name')}
        onChange={(event) => onChange({ parameter: event.currentTarget.value })}
      />
      <TestFields
        label="Is"
        tests={['any', 'equals', 'oneOf', 'range']}
        draft={draft}
        fault={faultAt('source.oneOf') ?? faultAt('source.range')}
        onChange={onChange}
      />
      <Checkbox
        label="Only when it has another value than before"
        checked={draft.changes}
        onChange={(event) => onChange({ changes: event.currentTarget.checked })}
      />
    </div>
  );
}

function DatasetFields(props: DraftFields) {
  const { draft, onChange } = props;
  return (
    <>
      <div className={classes.fields}>
        <NativeSelect
          label="Kind"
          value={draft.datasetKind}
          data={[
            { value: '', label: 'raw and results' },
            { value: 'raw', label: 'raw' },
            { value: 'result', label: 'results' },
          ]}
          onChange={(event) =>
            onChange({ datasetKind: event.currentTarget.value as TriggerDraft['datasetKind'] })
          }
        />
        <InstrumentChoice {...props} isOptional />
        <TextInput
          label="Keywords"
          description="All of them, with commas between"
          value={draft.keywords}
          onChange={(event) => onChange({ keywords: event.currentTarget.value })}
        />
        <ProjectField {...props} what="datasets" />
      </div>
      <ConditionFields {...props} />
    </>
  );
}

function WebhookFields(props: DraftFields) {
  const { draft, onChange } = props;
  return (
    <div className={classes.fields}>
      <NativeSelect
        label="The sender signs"
        value={draft.signs}
        data={[
          { value: 'delivery', label: 'time, delivery and body' },
          { value: 'body', label: 'the body alone, as GitHub does' },
        ]}
        onChange={(event) =>
          onChange({ signs: event.currentTarget.value as TriggerDraft['signs'] })
        }
      />
      <p className={classes.note} style={{ gridColumn: '1 / -1', margin: 0 }}>
        Posts go to{' '}
        <code>
          {window.location.origin}/hooks/{draft.name || 'NAME'}
        </code>
        . Saving shows the secret, once.
      </p>
    </div>
  );
}

const endings = [
  { value: 'SUCCEEDED', label: 'succeeded' },
  { value: 'FAILED', label: 'failed' },
  { value: 'ENDED', label: 'was canceled' },
];

function FlowFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  const { data } = useQuery(queries.flows());
  return (
    <div className={classes.fields}>
      <NativeSelect
        label="Flow"
        required
        value={draft.afterFlow}
        error={faultAt('source.flowName')}
        data={[
          { value: '', label: 'choose…' },
          ...(data?.items ?? []).map(({ name, title }) => ({ value: name, label: title || name })),
        ]}
        onChange={(event) => onChange({ afterFlow: event.currentTarget.value })}
      />
      <Checkbox.Group
        label="When its flow run"
        value={draft.endings}
        error={faultAt('source.on')}
        onChange={(chosen) => onChange({ endings: chosen })}
      >
        <div className="ip-row" style={{ marginTop: 6 }}>
          {endings.map((each) => (
            <Checkbox key={each.value} {...each} />
          ))}
        </div>
      </Checkbox.Group>
      <ProjectField {...props} what="flow runs" />
    </div>
  );
}

function ProjectField(props: DraftFields & { what: string }) {
  const { data: me } = useQuery(queries.me());
  const { ofProject } = props.draft;
  const known = new Set([...Object.keys(me?.projects ?? {}), ofProject]);
  return (
    <NativeSelect
      label={`Project of the ${props.what}`}
      value={ofProject}
      data={[{ value: '', label: "the trigger's" }, ...[...known].filter((name) => name !== '')]}
      onChange={(event) => props.onChange({ ofProject: event.currentTarget.value })}
    />
  );
}
