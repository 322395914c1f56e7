import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { resourceNames, resourceTexts, type JobDraft, type ResourceName } from './job-draft.ts';
import type { FormPart } from './submit-form.tsx';
import classes from './submit-form.module.css';

const resourceWords: Record<ResourceName, string> = {
  nodes: 'Nodes',
  cores: 'Cores per node',
  ranksPerNode: 'Ranks per node',
  threadsPerRank: 'Threads per rank',
  gpus: 'GPUs per node',
  memoryBytes: 'Memory per node',
  walltimeSeconds: 'Walltime',
};

const plainResources = {
  nodes: 1,
  ranksPerNode: 1,
  cores: 1,
  threadsPerRank: 0,
  gpus: 0,
  memoryBytes: 0,
  walltimeSeconds: 3600,
};

/** What it asks for, whose it is, and what it waits for. */
export function AskFields(props: FormPart) {
  const { draft, app, onChange, faultOf } = props;
  const usual = resourceTexts(
    draft.kind === 'app' && app !== undefined ? app.resources : plainResources,
  );
  return (
    <section className="ip-panel">
      <h2>What it asks for</h2>
      <div className={classes.fields}>
        {resourceNames.map((name) => (
          <TextInput
            key={name}
            label={resourceWords[name]}
            placeholder={usual[name] || 'not stated'}
            value={draft.resources[name]}
            error={faultOf(`resources.${name}`)}
            onChange={(event) =>
              onChange({ resources: { ...draft.resources, [name]: event.currentTarget.value } })
            }
          />
        ))}
        <OwnerFields {...props} />
      </div>
    </section>
  );
}

function OwnerFields(props: FormPart) {
  const { draft, onChange, faultOf } = props;
  const { data: me } = useQuery(queries.me());
  const projects = Object.entries(me?.projects ?? {})
    .filter(([, role]) => role !== 'reader')
    .map(([name]) => name);
  return (
    <>
      <h3>Whose it is, and after what</h3>
      <NativeSelect
        label="Project"
        value={draft.project}
        data={[{ value: '', label: 'My usual one' }, ...projects]}
        onChange={(event) => onChange({ project: event.currentTarget.value })}
      />
      <TextInput
        label="Tags"
        placeholder="name:value, name:value"
        value={draft.tags}
        error={faultOf('tags')}
        onChange={(event) => onChange({ tags: event.currentTarget.value })}
      />
      <TextInput
        label="After jobs"
        placeholder="their ids"
        value={draft.parents}
        error={faultOf('parents')}
        onChange={(event) => onChange({ parents: event.currentTarget.value })}
      />
      <NativeSelect
        label="When one of those fails"
        value={draft.onParentFailure}
        data={[
          { value: 'fail', label: 'It fails too' },
          { value: 'run', label: 'It runs all the same' },
        ]}
        onChange={(event) =>
          onChange({
            onParentFailure: event.currentTarget.value as JobDraft['onParentFailure'],
          })
        }
      />
    </>
  );
}
