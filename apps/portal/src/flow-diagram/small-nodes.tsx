import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import classes from './flow-diagram.module.css';

/** The dot where a flow begins. */
export function StartNode() {
  return (
    <div className={classes.start} aria-hidden="true">
      <Handle type="source" position={Position.Bottom} className={classes.handle} />
    </div>
  );
}

/** The name of a branch at the head of its part of a frame. */
export function LabelNode({ data }: NodeProps<Node<{ text: string }>>) {
  return <span className={classes.branchLabel}>{data.text}</span>;
}
