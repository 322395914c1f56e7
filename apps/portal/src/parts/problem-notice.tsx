import { Button } from '@mantine/core';
import { DomainError } from '@interpulse/domain/error.ts';
import classes from './problem-notice.module.css';

/** What went wrong, in the hub's own words, and a way to try again. */
export function ProblemNotice(props: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { error } = props;
  const message = error instanceof Error ? error.message : String(error);
  const faults = (error instanceof DomainError ? error.faults : []).filter(
    // Where there is only one, the message is that fault.
    ({ loc, msg }) => message !== `${loc.join('.')}: ${msg}`,
  );
  const isNetwork = error instanceof TypeError;
  return (
    <div className={classes.notice} role="alert">
      <p>{isNetwork ? 'The hub cannot be reached.' : message}</p>
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={`${fault.loc.join('.')} ${fault.msg}`}>
              <code>{fault.loc.join('.')}</code>: {fault.msg}
            </li>
          ))}
        </ul>
      )}
      {props.onRetry && (
        <Button variant="default" size="xs" onClick={props.onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
