import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { timeLeftWords } from './time-left-words.ts';

/** How a flow run stands to its deadline: what is left, what is expected, how it ended. */
export function TimeLeft(props: { run: Schemas['FlowRun'] }) {
  const now = useHubNow();
  const { main, more, isLate } = timeLeftWords(props.run, now);
  if (main === null) return <span className="ip-dim">none</span>;
  return (
    <span style={isLate ? { color: 'var(--ip-late)' } : undefined}>
      {main}
      {more !== null && (
        <>
          <br />
          <small className={isLate ? undefined : 'ip-dim'}>{more}</small>
        </>
      )}
    </span>
  );
}
