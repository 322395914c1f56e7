import { lazy, Suspense, useState } from 'react';
import { SegmentedControl } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { FlowGraph, GraphState } from '@interpulse/domain/flow/flow-graph.ts';
import { FlowList } from './flow-list.tsx';
import type { StateProgress } from './state-progress.ts';
import classes from './flow-diagram.module.css';
import { pageCode } from '../shell/page-code.ts';

const FlowDiagram = lazy(pageCode(() => import('./flow-diagram.tsx')));

/** A flow to be shown, and in a run how its states stand. */
export interface FlowPictureProps {
  graph: FlowGraph;
  progress?: ReadonlyMap<string, StateProgress> | undefined;
  /** Faults by name of the state, for an editor. */
  faults?: ReadonlyMap<string, number> | undefined;
  /** The state that is marked. */
  chosen?: string | null | undefined;
  /** The state that is brought into view. */
  centreOn?: string | null | undefined;
  onChoose?: ((state: GraphState) => void) | undefined;
  /** Else as high as the drawing, within bounds. */
  heightPixels?: number | undefined;
}

/** A flow as a drawing, or as a list: for phones, and for those who do not see drawings. */
export function FlowPicture(props: FlowPictureProps) {
  const isSmall = useMediaQuery('(max-width: 640px)', window.innerWidth <= 640);
  const [asked, setAsked] = useState<'diagram' | 'list' | null>(null);
  const shown = asked ?? (isSmall ? 'list' : 'diagram');
  return (
    <div>
      <div className={classes.choice}>
        <SegmentedControl
          size="xs"
          aria-label="How the flow is shown"
          value={shown}
          data={[
            { value: 'diagram', label: 'Diagram' },
            { value: 'list', label: 'List' },
          ]}
          onChange={(value) => setAsked(value)}
        />
      </div>
      {shown === 'list' ? (
        <FlowList {...props} />
      ) : (
        <Suspense fallback={<p className="ip-dim">Drawing…</p>}>
          <FlowDiagram {...props} />
        </Suspense>
      )}
    </div>
  );
}
