import { useEffect, useMemo, useRef, useState } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { formatMeasured } from '../format/quantity.ts';
import { alignCurves, type CurvesPreview } from './align-curves.ts';
import { axisTitle, curveColours, plotData, plotOptions, type PlotLook } from './plot-options.ts';
import classes from './curves-plot.module.css';

/** Curves with error bars and fits, as large as the room it is given. */
export function CurvesPlot(props: { preview: CurvesPreview; fontPixels?: number }) {
  const { preview, fontPixels = 13 } = props;
  const scheme = useComputedColorScheme('light');
  const aligned = useMemo(() => alignCurves(preview), [preview]);
  const alignedNow = useRef(aligned);
  const previewNow = useRef(preview);
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const colours = curveColours[scheme];

  // A new shot with the same curves only brings new numbers; anything else is a new plot.
  const form = JSON.stringify([preview.x, preview.y, preview.curves.map((curve) => curve.label)]);

  useEffect(() => {
    alignedNow.current = aligned;
    previewNow.current = preview;
    plot.current?.setData(plotData(aligned));
  }, [aligned, preview]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const look: PlotLook = {
      text: style.getPropertyValue('--ip-dim'),
      line: style.getPropertyValue('--ip-line'),
      colours: [...curveColours[scheme]],
      fontPixels,
    };
    const options = plotOptions(previewNow.current, () => alignedNow.current, look, setCursor);
    const size = () => ({ width: element.clientWidth, height: element.clientHeight });
    const made = new uPlot({ ...options, ...size() }, plotData(alignedNow.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [form, scheme, fontPixels]);

  const x = cursor === null ? undefined : aligned.x[cursor];
  return (
    <figure className={classes.figure} aria-label={describe(preview)}>
      <div ref={place} className={classes.place} />
      <figcaption className={classes.legend} style={{ fontSize: fontPixels }}>
        {aligned.curves.map((curve, index) => {
          const y = cursor === null ? null : curve.y[cursor];
          return (
            <span key={curve.label} className={classes.entry}>
              <i style={{ background: colours[index % colours.length] }} />
              {curve.label}
              {typeof y === 'number' && <b>{formatMeasured(y)}</b>}
            </span>
          );
        })}
        {x !== undefined && (
          <span className="ip-dim">
            at {preview.x.label} {formatMeasured(x)} {preview.x.unit ?? ''}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function describe(preview: CurvesPreview): string {
  const names = preview.curves.map((curve) => curve.label).join(', ');
  const plot = `${axisTitle(preview.y)} against ${axisTitle(preview.x)}`;
  return `Plot: ${preview.title}; ${plot}; curves ${names}`;
}
