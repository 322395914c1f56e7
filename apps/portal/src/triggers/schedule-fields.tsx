import { Autocomplete } from '@mantine/core';
import { isTimeZone, nextScheduled, scheduleProblem } from '@interpulse/domain/trigger/schedule.ts';
import { hubNow } from '../api/hub-clock.ts';
import { cronWords } from './source-words.ts';
import type { DraftFields } from './draft-fields.ts';
import { DraftChoice, DraftText } from './draft-input.tsx';
import classes from './triggers.module.css';

const zones = Intl.supportedValuesOf('timeZone');
/** Instants that are shown of a schedule. */
const shownInstants = 5;

/** A cron expression with its time zone, said in words and as the next instants. */
export function ScheduleFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  return (
    <>
      <div className={classes.fields}>
        <DraftText
          {...props}
          name="cron"
          faultPath="source.cron"
          label="Cron expression"
          description="Minute hour day month weekday; seconds may come first"
          required
          isCode
        />
        <Autocomplete
          label="Time zone"
          description="By whose clock"
          required
          data={zones}
          limit={30}
          value={draft.timeZone}
          error={faultAt('source.timeZone')}
          onChange={(timeZone) => onChange({ timeZone })}
        />
        <DraftChoice
          {...props}
          name="catchUp"
          label="While no hub was at work"
          description="What becomes of the instants missed"
          data={[
            { value: 'last', label: 'the last one fires' },
            { value: 'all', label: 'all fire, at most 100' },
            { value: 'none', label: 'none fires' },
          ]}
        />
      </div>
      <NextInstants cron={draft.cron} timeZone={draft.timeZone} />
    </>
  );
}

function NextInstants(props: { cron: string; timeZone: string }) {
  const { cron, timeZone } = props;
  if (scheduleProblem(cron) !== null || !isTimeZone(timeZone)) return null;
  const format = new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone,
    timeZoneName: 'short',
  });
  const instants: string[] = [];
  let after: string | null = new Date(hubNow()).toISOString();
  while (instants.length < shownInstants) {
    after = nextScheduled({ cron, timeZone }, after);
    if (after === null) break;
    instants.push(after);
  }
  const words = cronWords(cron);
  return (
    <div style={{ marginTop: 14 }}>
      <p style={{ margin: '0 0 6px' }}>{words.charAt(0).toUpperCase() + words.slice(1)}. Next:</p>
      <ol aria-label="Next instants" style={{ margin: 0, paddingLeft: 22 }}>
        {instants.map((at) => (
          <li key={at}>
            <time dateTime={at}>{format.format(new Date(at))}</time>
          </li>
        ))}
      </ol>
    </div>
  );
}
