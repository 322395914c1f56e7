import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration } from '../format/duration.ts';

/** How long something took, or has taken so far. */
export function ElapsedText(props: { from: string | null; to: string | null }) {
  if (props.from === null) return <span className="ip-dim">–</span>;
  if (props.to === null) return <Running from={props.from} />;
  return formatDuration((Date.parse(props.to) - Date.parse(props.from)) / 1000);
}

function Running(props: { from: string }) {
  const now = useHubNow();
  return formatDuration(Math.max(0, (now - Date.parse(props.from)) / 1000));
}
