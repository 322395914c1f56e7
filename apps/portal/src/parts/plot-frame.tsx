import { useEffect, useRef, type ReactNode } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import classes from './plot-frame.module.css';

/** Colours and type of a plot, as the page has them now. */
export interface PlotStyle {
  text: string;
  line: string;
  sunken: string;
  active: string;
  waiting: string;
  font: string;
}

/** What makes a plot; `build` is called anew when `form` or the colours change. */
export interface PlotPlan {
  form: string;
  build: (style: PlotStyle) => Omit<uPlot.Options, 'width' | 'height'>;
  data: uPlot.AlignedData;
}

/** A plot as wide as its place, with words below it. */
export function PlotFrame(props: {
  label: string;
  plan: PlotPlan;
  heightPixels: number;
  children?: ReactNode;
}) {
  const { plan, heightPixels } = props;
  const scheme = useComputedColorScheme('light');
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const planNow = useRef(plan);

  useEffect(() => {
    planNow.current = plan;
    plot.current?.setData(plan.data);
  }, [plan]);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const size = () => ({ width: element.clientWidth, height: heightPixels });
    const { build, data } = planNow.current;
    const made = new uPlot({ ...build(readStyle(element)), ...size() }, data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [plan.form, scheme, heightPixels]);

  return (
    <figure className={classes.figure} aria-label={props.label}>
      <div ref={place} className={classes.place} style={{ height: heightPixels }} />
      <figcaption className={classes.caption}>{props.children}</figcaption>
    </figure>
  );
}

function readStyle(element: HTMLElement): PlotStyle {
  const style = getComputedStyle(element);
  return {
    text: style.getPropertyValue('--ip-dim'),
    line: style.getPropertyValue('--ip-line'),
    sunken: style.getPropertyValue('--ip-sunken'),
    active: style.getPropertyValue('--ip-active'),
    waiting: style.getPropertyValue('--ip-late'),
    font: '13px Inter, system-ui, "DejaVu Sans", sans-serif',
  };
}
