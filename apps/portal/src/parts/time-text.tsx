import { useHubNow } from '../api/hub-clock.ts';
import { formatAge } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';

/** An instant in local time; its tip is the same in UTC. */
export function TimeText(props: { at: string | null; empty?: string }) {
  const now = useHubNow(60_000);
  if (props.at === null) return <span className="ip-dim">{props.empty ?? '–'}</span>;
  return (
    <time dateTime={props.at} title={`${props.at.replace('T', ' ').replace('Z', '')} UTC`}>
      {formatInstant(props.at, now)}
    </time>
  );
}

/** How long ago something was, and ticking; its tip is the instant in UTC. */
export function AgeText(props: { at: string | null; empty?: string }) {
  const now = useHubNow();
  if (props.at === null) return <span className="ip-dim">{props.empty ?? 'never'}</span>;
  const seconds = (now - Date.parse(props.at)) / 1000;
  return (
    <time dateTime={props.at} title={`${props.at.replace('T', ' ').replace('Z', '')} UTC`}>
      {formatAge(seconds)} ago
    </time>
  );
}
