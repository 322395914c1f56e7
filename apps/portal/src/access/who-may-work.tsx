import type { ReactNode } from 'react';
import { useMayWork } from './use-may-work.ts';

/** Shows its content to those only who may change things of a project, or of any. */
export function WhoMayWork(props: {
  project?: string;
  /** Who may besides. */
  named?: readonly string[];
  /** What others see: a form that the hub would refuse at its end is not for them. */
  otherwise?: ReactNode;
  children: ReactNode;
}) {
  return useMayWork(props.project, props.named) ? props.children : (props.otherwise ?? null);
}
