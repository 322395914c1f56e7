import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { WhoMayWork } from '../access/who-may-work.tsx';
import { queries } from '../api/queries.ts';
import { AgeText } from '../parts/time-text.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { standingOf } from '../triggers/trigger-standing.ts';
import classes from './paused-triggers.module.css';

function useTriggersOf(instrument: string) {
  const { data } = useQuery(queries.triggers());
  return (data?.items ?? []).filter(
    ({ source }) => 'instrument' in source && source.instrument === instrument,
  );
}

/** Why results of an instrument are not coming: its triggers that are paused, or that fail. */
export function PausedTriggers(props: { instrument: string }) {
  const all = useTriggersOf(props.instrument);
  const quiet = all.filter(({ pause, lastProblem }) => pause !== null || lastProblem !== null);
  if (quiet.length === 0) return null;
  const isNoneOn = all.every(({ pause }) => pause !== null);
  return (
    <div className={classes.notices}>
      {quiet.map((trigger) => {
        const { why, by, at } = standingOf(trigger);
        const isPaused = trigger.pause !== null;
        const verb = !isPaused
          ? 'could not start its flow'
          : by === null
            ? 'paused itself'
            : 'is paused';
        return (
          <div
            key={trigger.name}
            className={classes.notice}
            role="alert"
            data-bad={!isPaused || by === null}
          >
            <b>
              {isPaused
                ? isNoneOn
                  ? 'Results are not coming'
                  : 'Some results are not coming'
                : 'A result is missing'}
            </b>
            : trigger{' '}
            <Link to="/triggers/$trigger" params={{ trigger: trigger.name }}>
              {trigger.name}
            </Link>{' '}
            {verb}: {why}
            {(by !== null || at !== null) && (
              <span className="ip-dim">
                {' '}
                ({by}
                {by !== null && at !== null && ', '}
                <AgeText at={at} />)
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** The triggers of an instrument and how each stands, in a line. */
export function TriggerStates(props: { instrument: string }) {
  const triggers = useTriggersOf(props.instrument);
  const { instrument } = props;
  if (triggers.length === 0) {
    return (
      <WhoMayWork>
        <Link to="/triggers/new" search={{ instrument }}>
          Add a trigger
        </Link>
      </WhoMayWork>
    );
  }
  const paused = triggers.filter(({ pause }) => pause !== null).length;
  const words = triggers.length === 1 ? '1 trigger' : `${triggers.length} triggers`;
  return (
    <Link to="/triggers" search={{ instrument }} className={classes.states}>
      <StatusMark
        status={paused === 0 ? 'up' : 'closed'}
        tone={paused === 0 ? 'good' : 'late'}
        word={paused === 0 ? words : `${words}, ${paused} paused`}
      />
    </Link>
  );
}
