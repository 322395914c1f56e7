import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { CurvesPlot } from './curves-plot.tsx';
import classes from './preview-view.module.css';

/** What an app left to be looked at: curves or an image, as large as its room. */
export function PreviewView(props: { preview: Schemas['Preview']; fontPixels?: number }) {
  const { preview } = props;
  if (preview.kind === 'curves') {
    const size = props.fontPixels === undefined ? {} : { fontPixels: props.fontPixels };
    return <CurvesPlot preview={preview} {...size} />;
  }
  return (
    <img
      className={classes.image}
      src={`data:image/png;base64,${preview.png}`}
      width={preview.widthPixels}
      height={preview.heightPixels}
      alt={preview.title}
    />
  );
}
