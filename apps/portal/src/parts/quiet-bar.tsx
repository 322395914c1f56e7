import classes from './quiet-bar.module.css';

/** A thin bar that shows a part of a whole; the label says it in words for screen readers. */
export function QuietBar(props: {
  part: number;
  whole: number;
  label: string;
  heightPixels?: number;
}) {
  const share = props.whole > 0 ? Math.min(1, Math.max(0, props.part / props.whole)) : 0;
  return (
    <div
      className={classes.track}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.whole}
      aria-valuenow={Math.min(props.part, props.whole)}
      style={{ height: props.heightPixels ?? 6 }}
    >
      <div className={classes.fill} style={{ width: `${(share * 100).toFixed(2)}%` }} />
    </div>
  );
}
