import { StatusMark } from '../parts/status-mark.tsx';
import type { TextMark } from './code-editor.tsx';
import classes from './flow-editor.module.css';

const tones = { error: 'bad', warning: 'late', info: 'off' } as const;
const ranks = { error: 0, warning: 1, info: 2 } as const;

/** What is wrong with a text, each with a way to its place. */
export function ProblemList(props: {
  marks: TextMark[];
  text: string;
  onChoose: (mark: TextMark) => void;
}) {
  const { marks, text } = props;
  const sorted = marks.toSorted(
    (one, other) => ranks[one.severity] - ranks[other.severity] || one.from - other.from,
  );
  return (
    <ul className={classes.problems} aria-label="Problems">
      {sorted.map((mark) => (
        <li key={`${mark.from} ${mark.msg}`}>
          <button type="button" onClick={() => props.onChoose(mark)}>
            <StatusMark status={mark.severity} word={mark.msg} tone={tones[mark.severity]} />
            <span className="ip-dim">line {lineOf(text, mark.from)}</span>
          </button>
        </li>
      ))}
      {sorted.length === 0 && (
        <li className="ip-dim">
          <StatusMark status="succeeded" word="Nothing is wrong." />
        </li>
      )}
    </ul>
  );
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}
