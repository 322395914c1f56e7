import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { JobState } from '@interpulse/domain/job/job-state.ts';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/quantity.ts';
import { lookOf } from '../format/status.ts';
import { drawGrid } from './draw-grid.ts';
import { GridTip } from './grid-tip.tsx';
import { cellAfterKey, cellAt, cellCorner, layOutGrid } from './grid-layout.ts';
import classes from './job-grid.module.css';

/** Every job of an ensemble, in the order of its request, as columns of equal length. */
export interface GridColumns {
  jobIds: string[];
  states: JobState[];
  runSeconds: (number | null)[];
}

/** A cell for each job of an ensemble, coloured by state: pointed at it tells, clicked it opens. */
export function JobGrid(props: { grid: GridColumns }) {
  const { jobIds, states, runSeconds } = props.grid;
  const scheme = useComputedColorScheme('light');
  const navigate = useNavigate();
  const { ref: frame, width } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const isTouch = useRef(false);
  const count = jobIds.length;
  const layout = useMemo(
    () => layOutGrid(count, Math.max(width, 60), width < 600 ? 520 : 420),
    [count, width],
  );

  useEffect(() => {
    if (canvas.current !== null && width > 0) drawGrid(canvas.current, layout, states, scheme);
  }, [layout, states, scheme, width]);

  const open = (index: number | null) => {
    const jobId = index === null ? undefined : jobIds[index];
    if (jobId !== undefined) void navigate({ to: '/jobs/$jobId', params: { jobId } });
  };
  const cellOf = (event: React.PointerEvent | React.MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return cellAt(layout, event.clientX - box.left, event.clientY - box.top);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter') open(pointed);
    const next = cellAfterKey(layout, pointed ?? 0, event.key);
    if (next === null) return;
    event.preventDefault();
    setPointed(pointed === null ? 0 : next);
  };
  const words = (index: number) => {
    const state = lookOf(states[index] ?? '').word;
    const seconds = runSeconds[index] ?? null;
    const ran = seconds === null ? '' : `, ran ${formatDuration(seconds)}`;
    return `job ${formatCount(index + 1)}: ${state}${ran}`;
  };
  return (
    <div
      ref={frame}
      className={classes.frame}
      // A slider by its keys: one of many places is chosen, and Enter opens it.
      role="slider"
      tabIndex={0}
      aria-label="Jobs of the ensemble; arrow keys move, Enter opens"
      aria-valuemin={1}
      aria-valuemax={count}
      aria-valuenow={(pointed ?? 0) + 1}
      aria-valuetext={words(pointed ?? 0)}
      style={{ height: layout.height }}
      onKeyDown={onKeyDown}
      onBlur={() => setPointed(null)}
      onPointerDown={(event) => {
        isTouch.current = event.pointerType === 'touch';
      }}
      onPointerMove={(event) => setPointed(cellOf(event))}
      onPointerLeave={() => {
        if (!isTouch.current) setPointed(null);
      }}
      onClick={(event) => {
        // A finger first looks; the tip has the link.
        const cell = cellOf(event);
        if (isTouch.current) setPointed(cell);
        else open(cell);
      }}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {pointed !== null && jobIds[pointed] !== undefined && (
        <GridTip
          jobId={jobIds[pointed]}
          words={words(pointed)}
          corner={cellCorner(layout, pointed)}
          pitch={layout.pitch}
          widthPixels={width}
        />
      )}
    </div>
  );
}
