import { WhoMayWork } from './who-may-work.tsx';
import type { ReactNode } from 'react';

/** A form for those who may do what it is for; others read who gives them a part. */
export function FormForThose(props: {
  /** What one would do: `start this flow`. */
  what: string;
  project?: string;
  named?: readonly string[];
  children: ReactNode;
}) {
  const { what, project, ...rest } = props;
  const managers = project === undefined ? 'a project' : `project ${project}`;
  return (
    <WhoMayWork
      {...rest}
      {...(project === undefined ? {} : { project })}
      otherwise={
        <p className="ip-panel" role="status">
          You may look, but not {what}. The managers of {managers} can make you a member.
        </p>
      }
    />
  );
}
