import { useState } from 'react';
import { Button, Group, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { flowLimits } from '@interpulse/domain/flow/flow-limits.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { JsonView } from '../parts/json-view.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { MappingField } from '../triggers/mapping-field.tsx';
import { Dialog } from '../parts/dialog.tsx';

const example: JsonObject = {
  dataset: {
    id: 'dataset_01kajzjq0000000000000000f1',
    title: 'gold 2026, shot 41',
    kind: 'raw',
    project: 'demo',
    instrument: 'xpcs-beamline',
    shotNumber: 41,
    metadata: { sample: { name: 'gold' }, frames: 1200 },
    keywords: ['saxs'],
    derivedFrom: [],
    createdAt: '2026-11-21T09:14:02.000Z',
  },
  files: [{ location: 'raw:/raw/0041.h5' }],
  file: 'raw:/raw/0041.h5',
};

/** Starts a flow over datasets that are there already: says how many before it does. */
export function ReprocessDialog(props: {
  datasets: NonNullable<Schemas['StartFlowRunsBody']['datasets']>;
  onClose: () => void;
}) {
  const { onClose } = props;
  const { filter } = props.datasets;
  const [newest, setNewest] = useState<number | string>('');
  const isPart = filter !== undefined && typeof newest === 'number';
  const datasets = isPart ? { filter: { ...filter, newest } } : props.datasets;
  const { data: flows } = useQuery(queries.flows());
  const [flowName, setFlowName] = useState('');
  const [mapping, setMapping] = useState<JsonObject>({});
  const [isBroken, setBroken] = useState(false);
  const [label, setLabel] = useState('');
  const [urgency, setUrgency] = useState<'backfill' | 'normal' | 'urgent'>('backfill');
  const navigate = useNavigate();
  const flow = flows?.items.find(({ name }) => name === flowName);
  const ask = (dryRun: boolean, wanted: JsonObject) => {
    const header = { 'Idempotency-Key': crypto.randomUUID() };
    const isMapped = Object.keys(wanted).length > 0;
    const mapped = isMapped ? { mapping: wanted } : {};
    const body = { flow: flowName, datasets, label, urgency, dryRun, tags: {}, ...mapped };
    return unwrap(hub.POST('/api/v1/flow-runs/bulk', { params: { header }, body }));
  };
  const [settled] = useDebouncedValue(mapping, 500);
  const counted = useQuery({
    queryKey: ['reprocessCount', flowName, settled, datasets],
    queryFn: () => ask(true, settled),
    enabled: flowName !== '' && !isBroken,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const start = useMutation({
    mutationFn: () => ask(false, mapping),
    onSuccess: async ({ batch }) => {
      if (batch === null) return;
      await navigate({ to: '/flow-batches/$batchId', params: { batchId: batch.id } });
    },
  });
  const count = counted.data?.count;
  return (
    <Dialog onClose={onClose} title="Reprocess with a flow" size="80rem">
      <div className="ip-stack">
        <div className="ip-row" style={{ alignItems: 'end' }}>
          <NativeSelect
            label="Flow"
            value={flowName}
            data={[
              { value: '', label: 'choose…' },
              ...(flows?.items ?? []).map((each) => ({
                value: each.name,
                label: each.title || each.name,
              })),
            ]}
            onChange={(event) => setFlowName(event.currentTarget.value)}
          />
          {filter !== undefined && <NewestField value={newest} onChange={setNewest} />}
          <TextInput
            label="Label of the batch"
            value={label}
            maxLength={200}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <NativeSelect
            label="Urgency"
            value={urgency}
            data={['backfill', 'normal', 'urgent']}
            onChange={(event) => setUrgency(event.currentTarget.value as typeof urgency)}
          />
        </div>
        <div>
          <h3 className="ip-heading">
            Its input, made of each dataset; without any <code>{'{input: {file, dataset}}'}</code>
          </h3>
          <MappingField
            label="Input mapping"
            value={mapping}
            onChange={setMapping}
            onBroken={setBroken}
            example={example}
            exampleTitle="A dataset, for example"
            inputSchema={(flow?.inputSchema ?? {}) as JsonObject}
            faults={[]}
          />
        </div>
        {flowName !== '' && (
          <div role="status">
            {counted.isLoading && <span className="ip-dim">counting…</span>}
            {counted.data && <WhatWouldStart {...counted.data} />}
          </div>
        )}
        {counted.isError && <ProblemNotice error={counted.error} />}
        {start.isError && <ProblemNotice error={start.error} />}
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave them
        </Button>
        <Button
          disabled={!count || isBroken || counted.isError}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          {count ? `Start ${formatCount(count)}` : 'Start'}
        </Button>
      </Group>
    </Dialog>
  );
}

function WhatWouldStart(props: { count: number; firstInput: Record<string, unknown> | null }) {
  const { count, firstInput } = props;
  return (
    <>
      <p style={{ marginTop: 0 }}>
        <b>{formatCount(count)}</b> {count === 1 ? 'flow run' : 'flow runs'} would be started, one
        for each dataset.
      </p>
      {firstInput !== null && <JsonView title="Input of the first" value={firstInput} />}
    </>
  );
}

function NewestField(props: {
  value: number | string;
  onChange: (value: number | string) => void;
}) {
  return (
    <NumberInput
      label="Only the newest"
      placeholder="all"
      min={1}
      max={flowLimits.flowRunsPerBulk}
      allowDecimal={false}
      {...props}
    />
  );
}
