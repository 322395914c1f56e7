import { useState, type SyntheticEvent } from 'react';
import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { formatSpan } from '../format/duration.ts';
import classes from './site-pool.module.css';

type Pool = Schemas['Site']['pool'];

const fields = [
  { key: 'minWarm', label: 'Pilots kept warm', min: 0 },
  { key: 'maxPilots', label: 'Pilots at most', min: 0 },
  { key: 'nodesPerPilot', label: 'Nodes of a pilot', min: 1 },
  { key: 'walltimeSeconds', label: 'Walltime in seconds', min: 60 },
  { key: 'idleSeconds', label: 'Leaves after idle seconds', min: 1 },
] as const;

/** How many pilots a site keeps; administrators change the numbers. */
export function SitePool(props: { site: Schemas['Site']; canChange: boolean }) {
  const { site, canChange } = props;
  if (canChange) return <PoolForm key={JSON.stringify(site.pool)} site={site} />;
  const { minWarm, maxPilots, nodesPerPilot, walltimeSeconds, idleSeconds } = site.pool;
  return (
    <section className="ip-panel">
      <h2>Pool</h2>
      <FactList
        facts={[
          { name: 'Kept warm', value: minWarm },
          { name: 'At most', value: maxPilots },
          { name: 'Nodes each', value: nodesPerPilot },
          { name: 'Walltime', value: formatSpan(walltimeSeconds) },
          { name: 'Leave after', value: `${formatSpan(idleSeconds)} idle` },
        ]}
      />
    </section>
  );
}

function PoolForm(props: { site: Schemas['Site'] }) {
  const { site } = props;
  const queryClient = useQueryClient();
  const [pool, setPool] = useState<Pool>(site.pool);
  const isChanged = fields.some(({ key }) => pool[key] !== site.pool[key]);
  const save = useMutation({
    mutationFn: () => {
      const path = { site: site.name };
      return unwrap(hub.PATCH('/api/v1/sites/{site}', { params: { path }, body: { pool } }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queries.sites().queryKey }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <section className="ip-panel">
      <h2>Pool</h2>
      <form className={classes.form} onSubmit={submit}>
        {fields.map(({ key, label, min }) => (
          <label key={key} className={classes.field}>
            <span>{label}</span>
            <NumberInput
              size="xs"
              w={110}
              min={min}
              allowDecimal={false}
              allowNegative={false}
              value={pool[key] ?? min}
              onChange={(value) => setPool({ ...pool, [key]: Number(value) })}
            />
          </label>
        ))}
        {save.isError && <ProblemNotice error={save.error} />}
        <Button type="submit" variant="default" disabled={!isChanged} loading={save.isPending}>
          Save pool
        </Button>
      </form>
    </section>
  );
}
