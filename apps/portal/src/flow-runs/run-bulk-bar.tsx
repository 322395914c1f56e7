import { useState } from 'react';
import { Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries, type FlowRunFilter } from '../api/queries.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { formatCount } from '../format/quantity.ts';
import classes from '../jobs/bulk-bar.module.css';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { readTags } from '../format/read-tags.ts';
import { Dialog } from '../parts/dialog.tsx';

type FlowRun = Schemas['FlowRun'];
type Selection = Pick<Schemas['CancelFlowRunsBody'], 'flowRunIds' | 'filter'>;

/** What can be done with the chosen rows of a list of flow runs, or with all that match. */
export function RunBulkBar(props: {
  rows: FlowRun[];
  chosen: ReadonlySet<string>;
  filter: FlowRunFilter;
  onClear: () => void;
}) {
  const { rows, chosen, filter } = props;
  const [isAll, setAll] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const { data: me } = useQuery(queries.me());
  const counts = useQuery({ ...triggerQueries.flowRunCounts(filter), enabled: chosen.size > 0 });
  if (chosen.size === 0) {
    return (
      <div role="status" className={classes.done}>
        {done}
      </div>
    );
  }
  const finish = (sentence: string) => {
    setDone(sentence);
    setAll(false);
    props.onClear();
  };
  const { mine, ...others } = filter;
  const owner = mine === 'true' && me !== undefined ? { owner: me.name } : {};
  const all: Selection = { filter: { ...others, ...owner } };
  const those = rows.filter((run) => chosen.has(run.id));
  const idsOf = (runs: FlowRun[]): Selection => ({ flowRunIds: runs.map((run) => run.id) });
  const total = counts.data?.total;
  const open = those.filter((run) => run.endedAt === null);
  const ended = those.filter((run) => run.endedAt !== null);
  return (
    <div className={classes.bar} role="region" aria-label="Chosen flow runs">
      <span>
        {isAll
          ? `All ${formatCount(total ?? 0)} that match are chosen`
          : `${formatCount(chosen.size)} chosen`}
      </span>
      {total !== undefined && total > chosen.size && !isAll && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          Choose all {formatCount(total)} that match
        </Button>
      )}
      <CancelRuns
        selection={isAll ? all : idsOf(open)}
        isDisabled={!isAll && open.length === 0}
        onDone={finish}
      />
      <RerunRuns
        selection={isAll ? all : idsOf(ended)}
        isDisabled={!isAll && ended.length === 0}
        onDone={finish}
      />
      <TagRuns runs={those} isDisabled={isAll} onDone={finish} />
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          setAll(false);
          props.onClear();
        }}
      >
        Choose none
      </Button>
    </div>
  );
}

interface ActionProps {
  selection: Selection;
  isDisabled: boolean;
  onDone: (sentence: string) => void;
}

function useRunsRefresh() {
  const queryClient = useQueryClient();
  const about = new Set(['flowRuns', 'flowRun', 'flowRunCounts', 'flowBatches', 'flowBatch']);
  return () =>
    queryClient.invalidateQueries({ predicate: ({ queryKey }) => about.has(String(queryKey[0])) });
}

function CancelRuns({ selection, isDisabled, onDone }: ActionProps) {
  const [isOpen, setOpen] = useState(false);
  const refresh = useRunsRefresh();
  const ask = (dryRun: boolean) =>
    unwrap(hub.POST('/api/v1/flow-runs/cancel', { body: { ...selection, dryRun } }));
  // Counted when it is asked, not when the page was drawn.
  const counted = useQuery({
    queryKey: ['cancelCount', selection],
    queryFn: () => ask(true),
    enabled: isOpen,
    staleTime: 0,
    gcTime: 0,
  });
  const cancel = useMutation({
    mutationFn: () => ask(false),
    onSuccess: async ({ count }) => {
      setOpen(false);
      onDone(`${runWords(count)} canceled.`);
      await refresh();
    },
  });
  const count = counted.data?.count;
  return (
    <>
      <Button variant="default" size="xs" disabled={isDisabled} onClick={() => setOpen(true)}>
        Cancel…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Cancel flow runs" centered>
        <p style={{ marginTop: 0 }}>
          {count === 0
            ? 'None of these flow runs is under way.'
            : `${count === undefined ? '…' : runWords(count)} under way ` +
              `${count === 1 ? 'ends' : 'end'} here, with jobs and transfers.`}
        </p>
        {counted.isError && <ProblemNotice error={counted.error} />}
        {cancel.isError && <ProblemNotice error={cancel.error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setOpen(false)}>
            Leave them
          </Button>
          <Button
            color="red.8"
            disabled={!count}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {count ? `Cancel ${runWords(count)}` : 'Cancel'}
          </Button>
        </Group>
      </Modal>
    </>
  );
}

/** Does flow runs again, as a batch: says how many first. */
export function RerunRuns({
  selection,
  isDisabled,
  onDone,
  label,
}: ActionProps & { label?: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" disabled={isDisabled} onClick={() => setOpen(true)}>
        {label ?? 'Run again…'}
      </Button>
      {isOpen && (
        <RerunDialog selection={selection} onDone={onDone} onClose={() => setOpen(false)} />
      )}
    </>
  );
}

function RerunDialog(props: {
  selection: Selection;
  onDone: (sentence: string) => void;
  onClose: () => void;
}) {
  const [from, setFrom] = useState('failed');
  const [version, setVersion] = useState<'same' | 'newest'>('same');
  const [label, setLabel] = useState('');
  const refresh = useRunsRefresh();
  const navigate = useNavigate();
  const ask = (dryRun: boolean) => {
    const header = { 'Idempotency-Key': crypto.randomUUID() };
    const body = { ...props.selection, from, version, label, dryRun, tags: {} };
    return unwrap(
      hub.POST('/api/v1/flow-runs/rerun', {
        params: { header },
        body: { ...body, urgency: 'backfill' },
      }),
    );
  };
  const counted = useQuery({
    queryKey: ['rerunCount', props.selection, from, version],
    queryFn: () => ask(true),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const rerun = useMutation({
    mutationFn: () => ask(false),
    onSuccess: async ({ count, batch }) => {
      props.onClose();
      props.onDone(`${runWords(count)} started again.`);
      await refresh();
      if (batch === null) return;
      await navigate({ to: '/flow-batches/$batchId', params: { batchId: batch.id } });
    },
  });
  const count = counted.data?.count;
  return (
    <Dialog onClose={props.onClose} title="Run again" centered>
      <div className="ip-stack">
        <NativeSelect
          label="From"
          description="States before it keep what they gave"
          value={from}
          data={[
            { value: 'failed', label: 'where each failed' },
            { value: 'start', label: 'the start' },
          ]}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <NativeSelect
          label="Version of the flow"
          value={version}
          data={[
            { value: 'same', label: 'the one that each ran with' },
            { value: 'newest', label: 'the newest' },
          ]}
          onChange={(event) => setVersion(event.currentTarget.value as 'same' | 'newest')}
        />
        <TextInput
          label="Label of the batch"
          value={label}
          maxLength={200}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <p style={{ margin: 0 }} role="status">
          {count === undefined
            ? counted.isError
              ? ''
              : '…'
            : count === 0
              ? from === 'failed'
                ? 'Nothing to do: none of them failed, or what did is done again already.'
                : 'None of these flow runs has ended.'
              : `${runWords(count)} would be started, as backfill.`}
        </p>
        {counted.isError && <ProblemNotice error={counted.error} />}
        {rerun.isError && <ProblemNotice error={rerun.error} />}
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          Leave them
        </Button>
        <Button disabled={!count} loading={rerun.isPending} onClick={() => rerun.mutate()}>
          {count ? `Start ${runWords(count)}` : 'Start'}
        </Button>
      </Group>
    </Dialog>
  );
}

function TagRuns(props: {
  runs: FlowRun[];
  isDisabled: boolean;
  onDone: (sentence: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const refresh = useRunsRefresh();
  const tags = readTags(typed);
  const save = useMutation({
    mutationFn: async () => {
      for (const run of props.runs) {
        const params = { path: { flowRunId: run.id } };
        const body = { tags: { ...run.tags, ...tags } };
        // One after the other: so many are chosen that a hub would notice them all at once.
        await unwrap(hub.PATCH('/api/v1/flow-runs/{flowRunId}', { params, body }));
      }
    },
    onSuccess: () => {
      setOpen(false);
      props.onDone(`${runWords(props.runs.length)} tagged.`);
    },
    onSettled: refresh,
  });
  return (
    <>
      <Button variant="default" size="xs" disabled={props.isDisabled} onClick={() => setOpen(true)}>
        Tag…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title="Tag flow runs" centered>
        <TextInput
          label={`Tags for ${runWords(props.runs.length)}`}
          description="Tags of these names are replaced, others stay"
          placeholder="name:value, name:value"
          value={typed}
          error={tags === null ? 'write them as name:value, name:value' : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        {save.isError && <ProblemNotice error={save.error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setOpen(false)}>
            Leave them
          </Button>
          <Button
            disabled={tags === null || Object.keys(tags).length === 0}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Tag
          </Button>
        </Group>
      </Modal>
    </>
  );
}

function runWords(count: number): string {
  return count === 1 ? '1 flow run' : `${formatCount(count)} flow runs`;
}
