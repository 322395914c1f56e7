import { Handle, Position, type Node, type NodeProps } from '@xyflow/react';
import {
  IconArrowsSplit2,
  IconBolt,
  IconClockHour4,
  IconCornerDownRight,
  IconFlag2,
  IconFlagCheck,
  IconMathFunction,
  IconMessageQuestion,
  IconPlayerStop,
  IconQuestionMark,
  IconRefresh,
  IconRepeat,
  IconUser,
} from '@tabler/icons-react';
import type { GraphState } from '@interpulse/domain/flow/flow-graph.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { formatDuration } from '../format/duration.ts';
import { isRace, notDone, type NotDone } from './race.ts';
import { stateWords } from './state-words.ts';
import { standingLooks } from './standing-looks.ts';
import {
  begunItems,
  type ItemCounts,
  type StateProgress,
  type StateStanding,
} from './state-progress.ts';
import classes from './flow-diagram.module.css';

/** What a drawn state knows. */
export type StateNodeData = {
  state: GraphState;
  isFrame: boolean;
  isChosen: boolean;
  faults: number;
  progress: StateProgress | null;
  words: string;
  onChoose: (state: GraphState) => void;
};

const icons: Record<string, typeof IconBolt> = {
  Action: IconBolt,
  AwaitWebInput: IconUser,
  Choice: IconArrowsSplit2,
  CreateWebInput: IconMessageQuestion,
  ExpressionEval: IconMathFunction,
  Fail: IconPlayerStop,
  Map: IconRepeat,
  Parallel: IconArrowsSplit2,
  Pass: IconCornerDownRight,
  Succeed: IconFlagCheck,
  Wait: IconClockHour4,
};

/** One state of a diagram: its name, what it does, and in a run how it stands. */
export function StateNode({ data }: NodeProps<Node<StateNodeData>>) {
  const { state, isFrame, isChosen, progress, faults } = data;
  const Icon = icons[state.type] ?? IconQuestionMark;
  return (
    <div
      className={classes.state}
      data-type={state.type}
      data-frame={isFrame || undefined}
      data-chosen={isChosen || undefined}
      data-ends={state.ends || undefined}
      data-standing={progress?.standing}
      data-fault={faults > 0 || undefined}
    >
      <Handle type="target" position={Position.Top} className={classes.handle} />
      <button
        type="button"
        className={`${classes.face} nopan`}
        aria-label={
          progress ? `${data.words}; ${standingLooks[progress.standing].word}` : data.words
        }
        aria-pressed={isChosen}
        title={state.comment ?? undefined}
        onClick={() => data.onChoose(state)}
      >
        <Icon size={17} stroke={1.7} aria-hidden="true" />
        <span className={classes.names}>
          <b>{state.name}</b>
          <span>{state.type === 'missing' ? 'there is no such state' : stateWords(state)}</span>
        </span>
        <span className={classes.marks}>
          {isRace(state) && (
            <IconFlag2 size={14} aria-hidden="true" data-mark="race">
              <title>a race: the first branch that ends well decides</title>
            </IconFlag2>
          )}
          {state.retry !== null && (
            <IconRefresh size={14} aria-hidden="true" data-mark="retry">
              <title>{state.retry}</title>
            </IconRefresh>
          )}
          {state.ends && <i className={classes.end} title="the flow ends here" />}
        </span>
        {progress && <ProgressLine progress={progress} ofRace={isRace(state)} />}
      </button>
      <Handle type="source" position={Position.Bottom} className={classes.handle} />
    </div>
  );
}

/** What a colour alone must not tell. */
const told: ReadonlySet<StateStanding> = new Set(['bad', 'waiting', 'off']);

function ProgressLine(props: { progress: StateProgress; ofRace: boolean }) {
  const { visits, activeSince, lastSeconds, totalSeconds, items, standing } = props.progress;
  if (visits === 0) {
    return <span className={classes.progress}>{standing === 'skipped' ? 'not reached' : ''}</span>;
  }
  const time =
    activeSince === null ? (
      formatDuration(items === null && visits > 1 ? totalSeconds : lastSeconds)
    ) : (
      <Running since={activeSince} />
    );
  return (
    <span className={classes.progress} data-items={items !== null || undefined}>
      <span>
        {told.has(standing) && `${standingLooks[standing].word} `}
        {time}
      </span>
      {items === null ? (
        visits > 1 && <span>{visits} visits</span>
      ) : (
        <Items items={items} ofRace={props.ofRace} />
      )}
    </span>
  );
}

function Items({ items, ofRace }: { items: ItemCounts; ofRace: boolean }) {
  const bad = notDone(ofRace, items);
  return (
    <>
      <ItemBar items={items} bad={bad} />
      <span>
        {items.done} of {items.total ?? begunItems(items)}
        {bad.map(({ count, word, tone }) => (
          <em key={word} data-tone={tone}>
            , {count} {word}
          </em>
        ))}
      </span>
    </>
  );
}

function ItemBar({ items, bad }: { items: ItemCounts; bad: NotDone[] }) {
  const { done, active, total } = items;
  const all = Math.max(total ?? 0, begunItems(items), 1);
  const share = (count: number) => ({ width: `${(count / all) * 100}%` });
  return (
    <span className={classes.bar} aria-hidden="true">
      <i data-tone="good" style={share(done)} />
      {bad.map(({ count, word, tone }) => (
        <i key={word} data-tone={tone} style={share(count)} />
      ))}
      <i data-tone="active" style={share(active)} />
    </span>
  );
}

function Running(props: { since: string }) {
  const now = useHubNow();
  return formatDuration(Math.max(0, (now - Date.parse(props.since)) / 1000));
}
