import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration } from '../format/duration.ts';

/** How long a question may still be answered. */
export function TimeLeft(props: { until: string }) {
  const now = useHubNow();
  const seconds = (Date.parse(props.until) - now) / 1000;
  if (seconds <= 0) return <span style={{ color: 'var(--ip-late)' }}>none</span>;
  return (
    <time dateTime={props.until} title={`${props.until.replace('T', ' ').replace('Z', '')} UTC`}>
      {formatDuration(seconds)}
    </time>
  );
}
