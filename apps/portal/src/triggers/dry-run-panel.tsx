import { useEffect, useRef, useState } from 'react';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { DryRun } from '@interpulse/domain/trigger/trigger-firing.ts';
import { hub } from '../api/hub.ts';
import { hubNow } from '../api/hub-clock.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { DryRunTable } from './dry-run-table.tsx';

const spans = [
  { value: '3600', label: 'the last hour' },
  { value: '86400', label: 'the last 24 hours' },
  { value: '604800', label: 'the last 7 days' },
  { value: '2592000', label: 'the last 30 days' },
  { value: 'between', label: 'between…' },
];

/** What a trigger, saved or not, would have done in a time of the past; starts nothing. */
export function DryRunPanel(props: {
  /** Of a saved trigger, or the name that a draft would have. */
  name?: string;
  /** The draft as it would be saved; null while it has faults. */
  trigger?: () => Schemas['SaveTriggerBody'] | null;
  /** Runs at once. */
  starts?: boolean;
}) {
  const [span, setSpan] = useState('86400');
  const [between, setBetween] = useState({ from: '', to: '' });
  const run = useMutation({
    mutationFn: async () => {
      const trigger = props.trigger?.() ?? undefined;
      if (props.trigger !== undefined && trigger === undefined) return null;
      const body = {
        ...(props.name ? { name: props.name } : {}),
        ...(trigger === undefined ? {} : { trigger }),
        ...timeOf(span, between),
      };
      return unwrap(hub.POST('/api/v1/triggers/dry-run', { body }));
    },
  });
  const hasStarted = useRef(false);
  const { mutate } = run;
  useEffect(() => {
    if (!props.starts || hasStarted.current) return;
    hasStarted.current = true;
    mutate();
  }, [props.starts, mutate]);
  const isTimed = span !== 'between' || (between.from !== '' && between.to !== '');
  const field = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="datetime-local"
      label={label}
      value={between[name]}
      onChange={(event) => setBetween({ ...between, [name]: event.currentTarget.value })}
    />
  );
  return (
    <>
      <div className="ip-row" style={{ alignItems: 'end' }}>
        <NativeSelect
          label="In"
          value={span}
          data={spans}
          onChange={(event) => setSpan(event.currentTarget.value)}
        />
        {span === 'between' && field('from', 'From')}
        {span === 'between' && field('to', 'To')}
        <Button
          variant="default"
          disabled={!isTimed}
          loading={run.isPending}
          onClick={() => mutate()}
        >
          Dry run
        </Button>
        <span className="ip-dim">Nothing is started.</span>
      </div>
      {run.isError && <ProblemNotice error={run.error} />}
      {run.data === null && (
        <p role="alert" style={{ color: 'var(--ip-bad)' }}>
          First the fields that need attention.
        </p>
      )}
      {run.data && <DryRunTable ran={run.data as DryRun} />}
    </>
  );
}

function timeOf(span: string, between: { from: string; to: string }) {
  if (span === 'between') {
    const instant = (text: string) => new Date(text).toISOString();
    return { from: instant(between.from), to: instant(between.to) };
  }
  const now = hubNow();
  const from = new Date(now - Number(span) * 1000).toISOString();
  return { from, to: new Date(now).toISOString() };
}
