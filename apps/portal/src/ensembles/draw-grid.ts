import type { JobState } from '@interpulse/domain/job/job-state.ts';
import { cellCorner, type GridLayout } from './grid-layout.ts';
import { stateColours } from './state-colours.ts';

/** Draws the cells, sharp on any screen: colour by colour, which is fastest. */
export function drawGrid(
  canvas: HTMLCanvasElement,
  layout: GridLayout,
  states: readonly JobState[],
  scheme: 'light' | 'dark',
): void {
  const scale = window.devicePixelRatio || 1;
  const width = layout.columns * layout.pitch;
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(layout.height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${layout.height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const byState = new Map<JobState, number[]>();
  states.forEach((state, index) => {
    const indices = byState.get(state);
    if (indices === undefined) byState.set(state, [index]);
    else indices.push(index);
  });
  const size = layout.pitch - layout.gap;
  for (const [state, indices] of byState) {
    context.fillStyle = stateColours[scheme][state];
    for (const index of indices) {
      const { x, y } = cellCorner(layout, index);
      context.fillRect(x, y, size, size);
    }
  }
}
