import { BaseEdge, EdgeLabelRenderer, type Edge, type EdgeProps } from '@xyflow/react';
import type { GraphEdge } from '@interpulse/domain/flow/flow-graph.ts';
import { edgeText, type Point } from './layout-graph.ts';
import classes from './flow-diagram.module.css';

/** What a drawn way knows. */
export type WayEdgeData = {
  edge: GraphEdge;
  points: Point[];
  labelAt: Point | null;
  /** Whether the run has gone this way as far as the steps show. */
  isTaken: boolean;
};

/** A way along the points that the layout chose, round the states in between. */
export function WayEdge({ id, data, markerEnd }: EdgeProps<Edge<WayEdgeData>>) {
  if (data === undefined) return null;
  const { edge, points, labelAt } = data;
  const text = edgeText(edge);
  return (
    <>
      <BaseEdge
        id={id}
        path={smoothPath(points)}
        {...(markerEnd === undefined ? {} : { markerEnd })}
        className={classes.way ?? ''}
        data-kind={edge.kind}
        data-taken={data.isTaken || undefined}
        interactionWidth={0}
      />
      {labelAt && (
        <EdgeLabelRenderer>
          <span
            className={classes.wayLabel}
            data-kind={edge.kind}
            title={text}
            style={{
              transform: `translate(-50%, -50%) translate(${labelAt.x}px, ${labelAt.y}px)`,
            }}
          >
            {text}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

/** A line through the middles of the pieces, rounded at the points between. */
function smoothPath(points: Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return '';
  const inner = rest.slice(0, -1);
  const pieces = inner.map((point, index) => {
    const next = inner[index + 1] ?? last;
    const to = index === inner.length - 1 ? last : middle(point, next);
    return `Q ${point.x} ${point.y} ${to.x} ${to.y}`;
  });
  return [
    `M ${first.x} ${first.y}`,
    ...(pieces.length > 0 ? pieces : [`L ${last.x} ${last.y}`]),
  ].join(' ');
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
