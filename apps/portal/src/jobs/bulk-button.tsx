import { useState } from 'react';
import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { jobQueries } from '../api/job-queries.ts';
import type { JobFilter } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { narrowFilter, type BulkAction } from './job-filter.ts';

/** Jobs to do something with: these, or all that a filter finds. */
export type JobChoice = { jobIds: string[] } | { filter: JobFilter };

const words = {
  cancel: {
    verb: 'Cancel',
    done: 'canceled',
    effect: 'What runs is asked to end, and stopped a few seconds later.',
  },
  retry: {
    verb: 'Run again',
    done: 'run again',
    effect: 'They are queued anew; what failed because of them waits for them again.',
  },
} as const;

/** A button that cancels jobs or runs them again: says how many, asks, does it. */
export function BulkButton(props: {
  action: BulkAction;
  choice: JobChoice;
  label: string;
  isDisabled?: boolean;
  size?: 'xs' | 'sm';
  onDone?: (sentence: string) => void;
}) {
  const { action, choice } = props;
  const [isOpen, setOpen] = useState(false);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: () => doBulk(action, choice),
    onSuccess: async (count) => {
      setOpen(false);
      props.onDone?.(`${jobWords(count)} ${words[action].done}.`);
      const about = new Set(['job', 'jobs', 'jobCounts', 'ensemble', 'ensembles', 'ensembleGrid']);
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => about.has(String(queryKey[0])),
      });
    },
  });
  return (
    <>
      <Button
        variant="default"
        size={props.size ?? 'xs'}
        disabled={props.isDisabled ?? false}
        onClick={() => {
          act.reset();
          setOpen(true);
        }}
      >
        {props.label}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={props.label} centered>
        <Question action={action} choice={choice} act={() => act.mutate()} isBusy={act.isPending}>
          {act.isError && <ProblemNotice error={act.error} />}
          <Button variant="default" onClick={() => setOpen(false)}>
            Leave as it is
          </Button>
        </Question>
      </Modal>
    </>
  );
}

function Question(props: {
  action: BulkAction;
  choice: JobChoice;
  act: () => void;
  isBusy: boolean;
  children: React.ReactNode;
}) {
  const { action, choice } = props;
  const filter = 'filter' in choice ? narrowFilter(choice.filter, action) : null;
  // Counted when it is asked, not when the page was drawn.
  const counted = useQuery({
    ...jobQueries.jobCounts(filter ?? {}),
    enabled: filter !== null,
    staleTime: 0,
  });
  const count = 'jobIds' in choice ? choice.jobIds.length : filter ? counted.data?.total : 0;
  const { verb, effect } = words[action];
  return (
    <>
      <p style={{ marginTop: 0 }}>
        {count === 0
          ? 'None of these jobs is in a state in which this does anything.'
          : `${verb}: ${count === undefined ? '…' : jobWords(count)}. ${effect}`}
      </p>
      <Group justify="flex-end" mt="md">
        {props.children}
        <Button
          color={action === 'cancel' ? 'red.8' : 'petrol'}
          disabled={count === undefined || count === 0}
          loading={props.isBusy}
          onClick={props.act}
        >
          {count === undefined ? verb : `${verb}: ${jobWords(count)}`}
        </Button>
      </Group>
    </>
  );
}

async function doBulk(action: BulkAction, choice: JobChoice): Promise<number> {
  const body = toSelection(action, choice);
  if (action === 'cancel') {
    return (await unwrap(hub.POST('/api/v1/jobs/cancel', { body }))).canceled;
  }
  return (await unwrap(hub.POST('/api/v1/jobs/retry', { body }))).retried;
}

function toSelection(action: BulkAction, choice: JobChoice) {
  if ('jobIds' in choice) return choice;
  const { mine, ...filter } = narrowFilter(choice.filter, action) ?? choice.filter;
  return { filter: { ...filter, ...(mine === 'true' ? { mine: true } : {}) } };
}

function jobWords(count: number): string {
  return count === 1 ? '1 job' : `${formatCount(count)} jobs`;
}
