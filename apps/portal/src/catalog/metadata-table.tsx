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
          <dt>{breakable(name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A name with places where it may be broken: after dots and before capitals. */
function breakable(name: string): string {
  return name.replaceAll(/(\.)|([a-z])(?=[A-Z])/g, '$1$2\u200b');
}
