import { useState } from 'react';
import { Button } from '@mantine/core';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { JobFilter } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import { BulkButton, type JobChoice } from './bulk-button.tsx';
import { narrowFilter, statesFor, type BulkAction } from './job-filter.ts';
import classes from './bulk-bar.module.css';

type Job = Schemas['Job'];

/** What can be done with the chosen rows of a list of jobs, or with all that match. */
export function BulkBar(props: {
  rows: Job[];
  chosen: ReadonlySet<string>;
  filter: JobFilter;
  /** Jobs that match, on this page or not. */
  total: number | undefined;
  onClear: () => void;
}) {
  const { rows, chosen, filter, total } = props;
  const [isAll, setAll] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const finish = (sentence: string) => {
    setDone(sentence);
    setAll(false);
    props.onClear();
  };
  if (chosen.size === 0) {
    return (
      <div role="status" className={classes.done}>
        {done}
      </div>
    );
  }
  const choiceFor = (action: BulkAction): JobChoice => {
    if (isAll) return { filter };
    const possible = new Set<string>(statesFor(action));
    const those = rows.filter((job) => chosen.has(job.id) && possible.has(job.state));
    return { jobIds: those.map((job) => job.id) };
  };
  const button = (action: BulkAction, verb: string) => {
    const choice = choiceFor(action);
    const count = 'jobIds' in choice ? choice.jobIds.length : null;
    const label = count === null || count === 0 ? `${verb}…` : `${verb} ${formatCount(count)}…`;
    return (
      <BulkButton
        action={action}
        choice={choice}
        label={label}
        isDisabled={isAll ? narrowFilter(filter, action) === null : count === 0}
        onDone={finish}
      />
    );
  };
  const hasMore = total !== undefined && total > chosen.size;
  return (
    <div className={classes.bar} role="region" aria-label="Chosen jobs">
      <span>
        {isAll
          ? `All ${formatCount(total ?? 0)} that match are chosen`
          : `${formatCount(chosen.size)} chosen`}
      </span>
      {hasMore && !isAll && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          Choose all {formatCount(total)} that match
        </Button>
      )}
      {button('cancel', 'Cancel')}
      {button('retry', 'Run again')}
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
