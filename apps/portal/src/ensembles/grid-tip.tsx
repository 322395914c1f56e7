import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { jobQueries } from '../api/job-queries.ts';
import classes from './job-grid.module.css';

/** A pointer that rests this long on a cell wants to know more than the grid has. */
const restMilliseconds = 180;

/** What the job under the pointer is; its label is asked for once the pointer rests. */
export function GridTip(props: {
  jobId: string;
  words: string;
  corner: { x: number; y: number };
  pitch: number;
  widthPixels: number;
}) {
  const { jobId, corner, pitch } = props;
  const [restedAt] = useDebouncedValue(jobId, restMilliseconds);
  const { data } = useQuery({ ...jobQueries.job(jobId), enabled: restedAt === jobId });
  const isRight = corner.x > props.widthPixels / 2;
  const side = isRight
    ? { right: props.widthPixels - corner.x + 6 }
    : { left: corner.x + pitch + 6 };
  return (
    <>
      <i
        className={classes.cell}
        style={{ left: corner.x, top: corner.y, width: pitch - 1, height: pitch - 1 }}
      />
      <div className={classes.tip} style={{ top: corner.y + pitch + 4, ...side }}>
        {props.words}
        {data && (
          <>
            <br />
            <b>{data.job.label}</b>
            {data.job.siteName && ` at ${data.job.siteName}`}
            {data.job.reason && (
              <>
                <br />
                {data.job.reason}
              </>
            )}
          </>
        )}{' '}
        <Link to="/jobs/$jobId" params={{ jobId }} tabIndex={-1}>
          Open
        </Link>
      </div>
    </>
  );
}
