import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatCount } from '../format/quantity.ts';
import { QuietBar } from '../parts/quiet-bar.tsx';
import classes from './cores-busy.module.css';

/** How many cores of a site's pilots are at work. */
export function CoresBusy(props: { site: Schemas['Site'] }) {
  const { coresBusy, coresTotal } = props.site.counts;
  if (coresTotal === 0) return <p className={`${classes.cores} ip-dim`}>No pilot is running.</p>;
  return (
    <div className={classes.cores}>
      <p>
        <b>{formatCount(coresBusy)}</b> of {formatCount(coresTotal)}{' '}
        {coresTotal === 1 ? 'core' : 'cores'} busy
      </p>
      <QuietBar part={coresBusy} whole={coresTotal} label={`Cores busy at ${props.site.name}`} />
    </div>
  );
}
