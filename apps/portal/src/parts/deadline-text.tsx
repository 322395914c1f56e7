import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration } from '../format/duration.ts';
import { TimeText } from './time-text.tsx';

/** A deadline, and how much is left or by how much it was kept or missed. */
export function DeadlineText(props: {
  at: string;
  endedAt: string | null;
  /** True when what ended has no answer to be in time with. */
  hasFailed: boolean;
}) {
  const now = useHubNow();
  if (props.hasFailed) return <TimeText at={props.at} />;
  const end = props.endedAt === null ? now : Date.parse(props.endedAt);
  const left = (Date.parse(props.at) - end) / 1000;
  const size = formatDuration(Math.abs(left));
  const isOver = props.endedAt !== null;
  const kept = isOver ? `kept, ${size} to spare` : `${size} left`;
  const missed = isOver ? `missed by ${size}` : `passed ${size} ago`;
  return (
    <>
      <TimeText at={props.at} />,{' '}
      {left >= 0 ? kept : <span style={{ color: 'var(--ip-late)' }}>{missed}</span>}
    </>
  );
}
