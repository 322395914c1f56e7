import type { GraphEdge, GraphState } from '@interpulse/domain/flow/flow-graph.ts';
import { formatDuration } from '../format/duration.ts';
import { StatusMark } from '../parts/status-mark.tsx';
import type { FlowPictureProps } from './flow-picture.tsx';
import { isRace, notDone } from './race.ts';
import { standingLooks } from './standing-looks.ts';
import type { StateProgress } from './state-progress.ts';
import { stateWords } from './state-words.ts';
import classes from './flow-diagram.module.css';

/** A flow as a list of its states with the ways that lead on. */
export function FlowList(props: FlowPictureProps & { flow?: string }) {
  const { graph, flow = '' } = props;
  const states = graph.nodes.filter((state) => state.flow === flow && state.type !== 'missing');
  return (
    <ol className={classes.list}>
      {states.map((state) => (
        <li key={state.name} className={classes.item}>
          <StateLine {...props} state={state} />
          {graph.flows
            .filter((inner) => inner.within === state.name)
            .map((inner) => (
              <section key={inner.id} aria-label={`${state.name}, ${inner.label}`}>
                <span className="ip-dim">{inner.label}</span>
                <FlowList {...props} flow={inner.id} />
              </section>
            ))}
        </li>
      ))}
    </ol>
  );
}

function StateLine(props: FlowPictureProps & { state: GraphState }) {
  const { state, graph, progress, onChoose } = props;
  const own = progress?.get(state.name);
  const ways = graph.edges.filter(({ from, kind }) => from === state.name && kind !== 'into');
  const isFirst = graph.flows.some(
    ({ id, startAt }) => id === state.flow && startAt === state.name,
  );
  return (
    <>
      <div className="ip-row">
        {onChoose === undefined ? (
          <b>{state.name}</b>
        ) : (
          <button type="button" onClick={() => onChoose(state)}>
            {state.name}
          </button>
        )}
        <span className="ip-dim">
          {stateWords(state)}
          {isFirst && ', first'}
          {state.retry === null ? '' : `, ${state.retry}`}
          {state.ends && ', the end'}
        </span>
        {own && <Standing progress={own} ofRace={isRace(state)} />}
      </div>
      {ways.length > 0 && (
        <ul className={classes.ways}>
          {ways.map((way) => (
            <li key={`${way.label} ${way.to}`} data-kind={way.kind}>
              {way.to}
              {wayWords(way)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function wayWords({ kind, words }: GraphEdge): string {
  if (kind === 'choice') return ` if ${words}`;
  if (kind === 'catch') return ` on ${words}`;
  return words === '' ? '' : ` ${words}`;
}

function Standing(props: { progress: StateProgress; ofRace: boolean }) {
  const { standing, visits, totalSeconds, items } = props.progress;
  const { status, word } = standingLooks[standing];
  return (
    <>
      <StatusMark status={status} word={word} />
      {visits > 0 && totalSeconds > 0 && <span>{formatDuration(totalSeconds)}</span>}
      {visits > 1 && <span>{visits} visits</span>}
      {items && (
        <span>
          {items.done} done, {items.active} active
          {notDone(props.ofRace, items).map(({ count, word }) => `, ${count} ${word}`)}
          {items.total !== null && ` of ${items.total}`}
        </span>
      )}
    </>
  );
}
