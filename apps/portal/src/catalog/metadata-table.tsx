import { flattenMetadata } from './flatten-metadata.ts';
import classes from './metadata-table.module.css';

/** Metadata as names and values, nested names with dots. */
export function MetadataTable(props: { metadata: Record<string, unknown> }) {
  const rows = flattenMetadata(props.metadata);
  if (rows.length === 0) return <p className="ip-dim">none</p>;
  return (
    <dl className={classes.table}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
