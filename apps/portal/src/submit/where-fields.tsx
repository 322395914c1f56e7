import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { JobDraft } from './job-draft.ts';
import type { FormPart } from './submit-form.tsx';
import classes from './submit-form.module.css';

const urgencies = [
  { value: 'urgent', label: 'Urgent: before all others, where a site has nodes for it' },
  { value: 'normal', label: 'Normal' },
  { value: 'backfill', label: 'Backfill: may be preempted' },
];

const placements = [
  { value: '', label: 'As the hub is set' },
  { value: 'earliestFinish', label: 'Earliest finish' },
  { value: 'shortestBacklog', label: 'Shortest backlog' },
  { value: 'roundRobin', label: 'In turns' },
];

/** Where and how soon it shall run. */
export function WhereFields(props: FormPart) {
  const { draft, onChange, faultOf } = props;
  const sites = useQuery(queries.sites());
  const compute = sites.data?.items.filter((site) => site.roles.includes('compute')) ?? [];
  const labels = [...new Set(compute.flatMap((site) => site.labels))];
  const text = (name: 'deadline' | 'allocation' | 'returnTo' | 'priority') => ({
    value: draft[name],
    error: faultOf(name),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <section className="ip-panel">
      <h2>Where and when</h2>
      <div className={classes.fields}>
        <TextInput
          label="Site"
          description="any, names with commas, or label:NAME"
          value={draft.site}
          list="submit-sites"
          onChange={(event) => onChange({ site: event.currentTarget.value })}
        />
        <datalist id="submit-sites">
          <option value="any">any</option>
          {compute.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          {labels.map((label) => (
            <option key={label} value={`label:${label}`}>
              {`label:${label}`}
            </option>
          ))}
        </datalist>
        <NativeSelect
          label="Site chosen by"
          description="Among those that can take it"
          value={draft.placement}
          data={placements}
          onChange={(event) =>
            onChange({ placement: event.currentTarget.value as JobDraft['placement'] })
          }
        />
        <NativeSelect
          className={classes.whole}
          label="Urgency"
          value={draft.urgency}
          data={urgencies}
          onChange={(event) =>
            onChange({ urgency: event.currentTarget.value as JobDraft['urgency'] })
          }
        />
        <TextInput
          label="Deadline"
          description="From now on: 10 min, 2 h"
          placeholder="none"
          {...text('deadline')}
        />
        <TextInput
          label="Priority"
          description="−100 to 100, among equals"
          placeholder="0"
          {...text('priority')}
        />
        <TextInput
          label="Allocation"
          description="Account that pays at the site"
          {...text('allocation')}
        />
        <TextInput
          label="Outputs return to"
          description="Before it counts as completed"
          placeholder="collection:/path"
          {...text('returnTo')}
        />
      </div>
    </section>
  );
}
