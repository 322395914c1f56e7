import { useState } from 'react';
import { Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { Choice } from '../parts/choice.tsx';
import { SearchInput } from '../parts/search-input.tsx';
import type { JobsSearch } from '../search-params.ts';
import classes from './jobs-filter-bar.module.css';

const urgencies = [
  { value: '', label: 'Any urgency' },
  { value: 'urgent', label: 'Urgent' },
  { value: 'normal', label: 'Normal' },
  { value: 'backfill', label: 'Backfill' },
];

const ages = [
  { value: '', label: 'Any time' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
];

const tagPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*:[^,]*(,[A-Za-z0-9][A-Za-z0-9._-]*:[^,]*)*$/;

/** What a list of jobs is limited to, besides the state; folded on a phone. */
export function JobsFilterBar(props: {
  search: JobsSearch;
  onChange: (change: Record<string, unknown>) => void;
}) {
  const { search, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  const { state: _state, ...others } = search;
  const count = Object.keys(others).length;
  return (
    <div className={classes.frame}>
      <Button
        hiddenFrom="xs"
        variant="default"
        size="xs"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {count === 0 ? 'Filters' : `Filters (${count})`}
      </Button>
      <div className={classes.bar} data-open={isOpen}>
        <SearchInput
          label="Search by label"
          value={search.label ?? ''}
          onChange={(label) => onChange({ label })}
        />
        <Choices search={search} onChange={onChange} />
        <SearchInput
          label="Tags, as name:value"
          value={search.tags ?? ''}
          widthPixels={190}
          onChange={(tags) => {
            if (tags === '' || tagPattern.test(tags)) onChange({ tags });
          }}
        />
        <Checkbox
          label="Mine"
          checked={search.mine ?? false}
          onChange={(event) => onChange({ mine: event.currentTarget.checked })}
        />
      </div>
    </div>
  );
}

function Choices(props: {
  search: JobsSearch;
  onChange: (change: Record<string, unknown>) => void;
}) {
  const { search, onChange } = props;
  const sites = useQuery(queries.sites());
  const apps = useQuery(queries.apps());
  const names = (items: { name: string }[] | undefined) => items?.map((each) => each.name) ?? [];
  return (
    <>
      <Choice
        label="App"
        value={search.app ?? ''}
        data={[{ value: '', label: 'Any app' }, ...names(apps.data?.items)]}
        onChange={(app) => onChange({ app })}
      />
      <Choice
        label="Site"
        value={search.site ?? ''}
        data={[{ value: '', label: 'Any site' }, ...names(sites.data?.items)]}
        onChange={(site) => onChange({ site })}
      />
      <Choice
        label="Urgency"
        value={search.urgency ?? ''}
        data={urgencies}
        onChange={(urgency) => onChange({ urgency })}
      />
      <Choice
        label="Submitted"
        value={search.since ?? ''}
        data={ages}
        onChange={(since) => onChange({ since })}
      />
    </>
  );
}
