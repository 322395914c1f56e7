import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { Figures } from '../preview/figures.tsx';
import { PreviewView } from '../preview/preview-view.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import classes from './dataset-preview.module.css';

/** What a dataset looks like, when its app left a preview. */
export function DatasetPreview(props: { dataset: Schemas['Dataset'] }) {
  const { dataset } = props;
  const { data, isLoadingError, error } = useQuery({
    ...queries.preview(dataset.id),
    enabled: dataset.hasPreview,
  });
  return (
    <section className="ip-panel">
      <h2>{data?.title ?? 'Preview'}</h2>
      {!dataset.hasPreview && <p className="ip-dim">This dataset has no preview.</p>}
      {isLoadingError && <ProblemNotice error={error} />}
      {data && (
        <>
          <Figures figures={data.figures ?? []} />
          <div className={classes.plot}>
            <PreviewView preview={data} />
          </div>
        </>
      )}
    </section>
  );
}
