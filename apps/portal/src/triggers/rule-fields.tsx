import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import type { DraftFields } from './draft-fields.ts';
import type { TriggerDraft } from './trigger-draft.ts';
import classes from './triggers.module.css';

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

/** When an event counts, and how often. */
export function CountFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  return (
    <div className={classes.fields}>
      <TextInput
        label="Condition"
        description="An expression that must be true"
        placeholder="metadata.frames > 100"
        value={draft.when}
        error={faultAt('when')}
        styles={mono}
        onChange={(event) => onChange({ when: event.currentTarget.value })}
      />
      <TextInput
        label="Key of an event"
        description="Events with the same key fire once"
        placeholder="by what happened"
        value={draft.dedupKey}
        error={faultAt('dedupKey')}
        styles={mono}
        onChange={(event) => onChange({ dedupKey: event.currentTarget.value })}
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

function RateFields({ draft, onChange, faultAt }: DraftFields) {
  return (
    <>
      <TextInput
        label="At most"
        inputMode="numeric"
        value={draft.rateMost}
        error={faultAt('rateLimit.most')}
        onChange={(event) => onChange({ rateMost: event.currentTarget.value })}
      />
      <TextInput
        label="Within"
        placeholder="1 min"
        value={draft.ratePer}
        error={faultAt('rateLimit.perSeconds')}
        onChange={(event) => onChange({ ratePer: event.currentTarget.value })}
      />
      <NativeSelect
        label="What comes beyond"
        value={draft.beyond}
        data={[
          { value: 'drop', label: 'is dropped, counted' },
          { value: 'queue', label: 'waits for room' },
          { value: 'latest', label: 'the newest of it waits' },
        ]}
        onChange={(event) =>
          onChange({ beyond: event.currentTarget.value as TriggerDraft['beyond'] })
        }
      />
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
  const { draft, onChange, faultAt } = props;
  return (
    <div className={classes.fields}>
      <TextInput
        label="Label of the flow runs"
        description="An expression"
        placeholder="'run ' + str(run.number)"
        value={draft.label}
        error={faultAt('label')}
        styles={mono}
        onChange={(event) => onChange({ label: event.currentTarget.value })}
      />
      <NativeSelect
        label="The answer is due"
        description="Orders the work"
        value={draft.due}
        data={dues}
        onChange={(event) => onChange({ due: event.currentTarget.value as TriggerDraft['due'] })}
      />
      {draft.due === 'seconds' && (
        <TextInput
          label="After"
          description="The event"
          placeholder="90 s"
          value={draft.dueSpan}
          error={faultAt('deadline')}
          onChange={(event) => onChange({ dueSpan: event.currentTarget.value })}
        />
      )}
      {draft.due === 'expression' && (
        <TextInput
          label="Instant"
          description="An expression"
          placeholder="run.parameters.nextShotAt"
          value={draft.dueAt}
          error={faultAt('deadline')}
          styles={mono}
          onChange={(event) => onChange({ dueAt: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        label="Urgency"
        description="Of its jobs, too"
        value={draft.urgency}
        data={['urgent', 'normal', 'backfill']}
        onChange={(event) =>
          onChange({ urgency: event.currentTarget.value as TriggerDraft['urgency'] })
        }
      />
      <TextInput
        label="Tags"
        description="To find the flow runs again"
        placeholder="name:value, name:value"
        value={draft.tags}
        error={faultAt('tags')}
        onChange={(event) => onChange({ tags: event.currentTarget.value })}
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
export function ProjectField({ draft, onChange, faultAt }: DraftFields) {
  const { data: me } = useQuery(queries.me());
  const projects = Object.entries(me?.projects ?? {})
    .filter(([, role]) => role !== 'reader')
    .map(([name]) => name);
  return (
    <NativeSelect
      label="Project"
      description="Who may change it"
      value={draft.project}
      error={faultAt('project')}
      data={projects}
      onChange={(event) => onChange({ project: event.currentTarget.value })}
    />
  );
}
