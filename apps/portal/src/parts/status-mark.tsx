import type { ReactNode } from 'react';
import { lookOf, type Tone } from '../format/status.ts';
import classes from './status-mark.module.css';

/** Shapes differ as well as colours, for those who see colours differently and for print. */
const shapes: Record<Tone, ReactNode> = {
  waiting: <circle cx="6" cy="6" r="4.2" fill="none" strokeWidth="1.8" />,
  active: <circle cx="6" cy="6" r="5" fill="currentColor" stroke="none" />,
  good: <path d="M1.5 6.5 4.7 9.7 10.5 2.8" fill="none" strokeWidth="2" />,
  late: <path d="M6 1.2 11 10.5H1z" fill="none" strokeWidth="1.7" strokeLinejoin="round" />,
  bad: <path d="M2 2 10 10M10 2 2 10" fill="none" strokeWidth="2" />,
  off: <path d="M2 6H10" fill="none" strokeWidth="2" />,
};

/** A small mark and a word: how a thing stands. */
export function StatusMark(props: { status: string; word?: string; tone?: Tone }) {
  const look = lookOf(props.status);
  const tone = props.tone ?? look.tone;
  return (
    <span className={classes.mark}>
      <svg
        viewBox="0 0 12 12"
        width="12"
        height="12"
        aria-hidden="true"
        stroke="currentColor"
        style={{ color: `var(--ip-${tone})` }}
      >
        {shapes[tone]}
      </svg>
      <span data-tone={tone}>{props.word ?? look.word}</span>
    </span>
  );
}
