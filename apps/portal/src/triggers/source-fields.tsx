import { Checkbox, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { ConditionFields, TestFields } from './condition-fields.tsx';
import type { DraftFields } from './draft-fields.ts';
import { DraftChoice, DraftText } from './draft-input.tsx';
import { ScheduleFields } from './schedule-fields.tsx';
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
  const { isOptional = false } = props;
  const { data } = useQuery(queries.instruments());
  const items = data?.items ?? [];
  return (
    <DraftChoice
      {...props}
      name="instrument"
      {...(isOptional ? {} : { faultPath: 'source.instrument' })}
      label="Instrument"
      required={!isOptional}
      data={[
        { value: '', label: isOptional ? 'any' : 'choose…' },
        ...items.map(({ name, title }) => ({ value: name, label: title || name })),
      ]}
    />
  );
}

function FileFields(props: DraftFields) {
  return (
    <div className={classes.fields}>
      <InstrumentChoice {...props} />
      <DraftText
        {...props}
        name="pattern"
        faultPath="source.pattern"
        label="Pattern of the path"
        description="* stays within a name, ** crosses folders"
        placeholder="/raw/**/*.h5"
        isCode
      />
      <div className={classes.whole}>
        <Checkbox
          label="While the file grows, not when it is whole"
          description="Conditions may read the frames that are there so far: frames >= 100"
          checked={props.draft.isGrowing}
          onChange={(event) => props.onChange({ isGrowing: event.currentTarget.checked })}
        />
      </div>
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
          aria-label="At what of the run"
          value={draft.on}
          data={[
            { value: 'start', label: 'start' },
            { value: 'end', label: 'end' },
            { value: 'firstFile', label: 'first file' },
            { value: 'allFiles', label: 'last file' },
          ]}
          onChange={(on) => onChange({ on })}
        />
      </div>
      {draft.on === 'allFiles' && (
        <DraftText
          {...props}
          name="runFiles"
          faultPath="source.files"
          label="How many files it has"
          description="A number, or the run's parameter that says so"
          placeholder="6"
          required
        />
      )}
    </div>
  );
}

function ParameterFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  return (
    <div className={classes.fields}>
      <InstrumentChoice {...props} />
      <DraftText
        {...props}
        name="parameter"
        faultPath="source.name"
        label="Parameter"
        placeholder="as the control system names it"
        required
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
  return (
    <>
      <div className={classes.fields}>
        <DraftChoice
          {...props}
          name="datasetKind"
          label="Kind"
          data={[
            { value: '', label: 'raw and results' },
            { value: 'raw', label: 'raw' },
            { value: 'result', label: 'results' },
          ]}
        />
        <InstrumentChoice {...props} isOptional />
        <DraftText
          {...props}
          name="keywords"
          label="Keywords"
          description="All of them, with commas between"
        />
        <ProjectField {...props} what="datasets" />
      </div>
      <ConditionFields {...props} />
    </>
  );
}

function WebhookFields(props: DraftFields) {
  return (
    <div className={classes.fields}>
      <DraftChoice
        {...props}
        name="signs"
        label="The sender signs"
        data={[
          { value: 'delivery', label: 'time, delivery and body' },
          { value: 'body', label: 'the body alone, as GitHub does' },
          { value: 'standard', label: 'as Standard Webhooks has it' },
        ]}
      />
      <p className={classes.note} style={{ gridColumn: '1 / -1', margin: 0 }}>
        Posts go to{' '}
        <code>
          {window.location.origin}/hooks/{props.draft.name || 'NAME'}
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
      <DraftChoice
        {...props}
        name="afterFlow"
        faultPath="source.flowName"
        label="Flow"
        required
        data={[
          { value: '', label: 'choose…' },
          ...(data?.items ?? []).map(({ name, title }) => ({ value: name, label: title || name })),
        ]}
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
  const known = new Set([...Object.keys(me?.projects ?? {}), props.draft.ofProject]);
  return (
    <DraftChoice
      {...props}
      name="ofProject"
      label={`Project of the ${props.what}`}
      data={[{ value: '', label: "the trigger's" }, ...[...known].filter((name) => name !== '')]}
    />
  );
}
