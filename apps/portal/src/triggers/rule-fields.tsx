import { Checkbox, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import type { DraftFields } from './draft-fields.ts';
import { DraftChoice, DraftText } from './draft-input.tsx';
import classes from './triggers.module.css';

/** When an event counts, and how often. */
export function CountFields(props: DraftFields) {
  const { draft, onChange } = props;
  return (
    <div className={classes.fields}>
      <DraftText
        {...props}
        name="when"
        faultPath="when"
        label="Condition"
        description="An expression that must be true"
        placeholder="metadata.frames > 100"
        isCode
      />
      <DraftText
        {...props}
        name="dedupKey"
        faultPath="dedupKey"
        label="Key of an event"
        description="Events with the same key fire once"
        placeholder="by what happened"
        isCode
      />
      <div className={classes.whole}>
        <Checkbox
          label="Limit how often it starts the flow"
          checked={draft.hasRate}
          onChange={(event) => onChange({ hasRate: event.currentTarget.checked })}
        />
      </div>
      {draft.hasRate && <RateFields {...props} />}
    </div>
  );
}

const beyonds = [
  { value: 'drop', label: 'is dropped, counted' },
  { value: 'queue', label: 'waits for room' },
  { value: 'latest', label: 'the newest of it waits' },
];

function RateFields(props: DraftFields) {
  return (
    <>
      <DraftText {...props} name="rateMost" faultPath="rateLimit.most" label="At most" isNumber />
      <DraftText
        {...props}
        name="ratePer"
        faultPath="rateLimit.perSeconds"
        label="Within"
        placeholder="1 min"
      />
      <DraftChoice {...props} name="beyond" label="What comes beyond" data={beyonds} />
    </>
  );
}

const dues = [
  { value: 'nextShot', label: 'at the next shot' },
  { value: 'seconds', label: 'so long after the event' },
  { value: 'expression', label: 'at an instant of the event' },
  { value: 'none', label: 'never' },
];

/** How the flow runs: label, deadline, urgency, tags, and whose they are. */
export function RunFields(props: DraftFields) {
  const { due } = props.draft;
  return (
    <div className={classes.fields}>
      <DraftText
        {...props}
        name="label"
        faultPath="label"
        label="Label of the flow runs"
        description="An expression"
        placeholder="'run ' + str(run.number)"
        isCode
      />
      <DraftChoice
        {...props}
        name="due"
        label="The answer is due"
        description="Orders the work"
        data={dues}
      />
      {due === 'seconds' && (
        <DraftText
          {...props}
          name="dueSpan"
          faultPath="deadline"
          label="After"
          description="The event"
          placeholder="90 s"
        />
      )}
      {due === 'expression' && (
        <DraftText
          {...props}
          name="dueAt"
          faultPath="deadline"
          label="Instant"
          description="An expression"
          placeholder="run.parameters.nextShotAt"
          isCode
        />
      )}
      <DraftChoice
        {...props}
        name="urgency"
        label="Urgency"
        description="Of its jobs, too"
        data={['urgent', 'normal', 'backfill']}
      />
      <DraftText
        {...props}
        name="tags"
        faultPath="tags"
        label="Tags"
        description="To find the flow runs again"
        placeholder="name:value, name:value"
      />
      <AccountField {...props} />
    </div>
  );
}

function AccountField({ draft, onChange, faultAt }: DraftFields) {
  const { data: me } = useQuery(queries.me());
  const { data } = useQuery(triggerQueries.serviceAccounts());
  const names = new Set([...(data?.items ?? []).map(({ name }) => name), draft.runAs]);
  const others = [...names].filter((name) => name !== '' && name !== me?.name);
  return (
    <NativeSelect
      label="Run as"
      description="Best a service account"
      value={draft.runAs}
      error={faultAt('runAs')}
      data={[
        ...(draft.runAs === '' || me === undefined ? [{ value: '', label: me?.name ?? '' }] : []),
        ...(draft.runAs !== '' && me !== undefined ? [me.name] : []),
        ...others,
      ]}
      onChange={(event) => onChange({ runAs: event.currentTarget.value })}
    />
  );
}

/** Where a new trigger belongs. */
export function ProjectField(props: DraftFields) {
  const { data: me } = useQuery(queries.me());
  const projects = Object.entries(me?.projects ?? {})
    .filter(([, role]) => role !== 'reader')
    .map(([name]) => name);
  return (
    <DraftChoice
      {...props}
      name="project"
      faultPath="project"
      label="Project"
      description="Who may change it"
      data={projects}
    />
  );
}
