import { useConnection } from '../api/connection.ts';
import { formatClock } from '../format/instant.ts';
import classes from './connection-notice.module.css';

/** Says that the page no longer follows the hub, and how old what it shows is. */
export function ConnectionNotice() {
  const { status, heardAt } = useConnection();
  if (status !== 'lost') return null;
  return (
    <div className={classes.notice} role="alert" data-connection-lost>
      <b>Connection lost</b>
      <span>
        {heardAt === null ? 'The hub does not answer' : `Showing data of ${formatClock(heardAt)}`};
        trying again.
      </span>
    </div>
  );
}
