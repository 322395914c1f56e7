import { lazy, Suspense, useState } from 'react';
import { Button } from '@mantine/core';
import type { DatasetFilter } from '../api/queries.ts';
import { formatCount } from '../format/quantity.ts';
import classes from '../jobs/bulk-bar.module.css';
import { pageCode } from '../shell/page-code.ts';

// With an editor of mappings, which a catalog that is only searched does not need.
const ReprocessDialog = lazy(
  pageCode(async () => {
    const { ReprocessDialog: dialog } = await import('./reprocess-dialog.tsx');
    return { default: dialog };
  }),
);

/** What can be done with the chosen datasets, or with all that a search finds. */
export function ReprocessBar(props: {
  chosen: ReadonlySet<string>;
  filter: DatasetFilter;
  /** Whether the search finds more than is shown. */
  hasMore: boolean;
  shown: number;
  onClear: () => void;
}) {
  const { chosen, filter, hasMore, shown } = props;
  const [isAll, setAll] = useState(false);
  const [isOpen, setOpen] = useState(false);
  if (chosen.size === 0) return null;
  const clear = () => {
    setAll(false);
    props.onClear();
  };
  return (
    <div className={classes.bar} role="region" aria-label="Chosen datasets">
      <span>{isAll ? 'All that match are chosen' : `${formatCount(chosen.size)} chosen`}</span>
      {!isAll && (hasMore || shown > chosen.size) && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          Choose all that match
        </Button>
      )}
      <Button variant="default" size="xs" onClick={() => setOpen(true)}>
        Reprocess with a flow…
      </Button>
      <Button variant="subtle" size="compact-sm" onClick={clear}>
        Choose none
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <ReprocessDialog
            datasets={isAll ? { filter } : { ids: [...chosen] }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
