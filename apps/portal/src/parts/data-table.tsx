import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { VisuallyHidden } from '@mantine/core';
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { isLongWords, isShortWords } from './is-short-words.ts';
import { ChooseAll, ChooseRow } from './row-choice.tsx';
import classes from './data-table.module.css';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** A column of a {@link DataTable}. */
export interface TableColumn<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** What the column sorts by; only for lists that are here as a whole. */
  sortBy?: (row: T) => string | number;
  align?: 'right';
  /** The column that names the row; on a phone it stands first and alone. */
  isMain?: boolean;
  /** Left out on a phone. */
  isWide?: boolean;
  /** Words of any length, such as a reason or a path: broken anywhere, but never into a thread. */
  isText?: boolean;
  /** On a phone without the header in front: its words say what they are. */
  isBare?: boolean;
  /** No wider than what stands in it. */
  isNarrow?: boolean;
  /** No narrower than this, however much others have to say: a length in CSS. */
  minWidth?: string;
}

/**
 * A table of rows, some of which may be chosen; on a phone each row becomes a small card. One that
 * has no room scrolls in its place, not the page.
 */
export function DataTable<T>(props: {
  label: string;
  columns: TableColumn<T>[];
  rows: T[];
  rowKey: (row: T) => string;
  /** What stands there when there are no rows. */
  empty: ReactNode;
  /** A box in front of each row. */
  selection?: {
    chosen: ReadonlySet<string>;
    onChange: (chosen: ReadonlySet<string>) => void;
    nameOf: (row: T) => string;
  };
}) {
  const { columns, selection } = props;
  const definitions = useMemo(() => columns.map(toDefinition), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: props.rows as Row[],
    getRowId: (row) => props.rowKey(row as T),
  });
  if (props.rows.length === 0) return <p className={classes.empty}>{props.empty}</p>;
  return (
    <div className={classes.frame}>
      <table
        className={classes.table}
        aria-label={props.label}
        data-choice={selection !== undefined}
      >
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {selection && <ChooseAll keys={props.rows.map(props.rowKey)} {...selection} />}
              {group.headers.map((header, place) => (
                <HeaderCell
                  key={header.id}
                  column={columns[place] as TableColumn<unknown> | undefined}
                  sorted={header.column.getIsSorted()}
                  onSort={header.column.getToggleSortingHandler()}
                />
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              {selection && (
                <ChooseRow id={row.id} name={selection.nameOf(row.original as T)} {...selection} />
              )}
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row.original as T} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<T>(props: { column: TableColumn<T>; row: T }) {
  const { column } = props;
  const content = column.cell(props.row);
  const isMain = column.isMain ?? false;
  return (
    <td
      data-align={column.align}
      data-label={column.isBare ? '' : column.header}
      data-main={isMain || undefined}
      data-wide={column.isWide}
      data-text={column.isText ?? (isMain && !column.isNarrow ? true : undefined)}
      data-short={isShortWords(content) || undefined}
      data-narrow={column.isNarrow}
      data-long={isLongWords(content) || undefined}
      style={{ minWidth: column.minWidth }}
    >
      {content}
    </td>
  );
}

type Row = Record<string, unknown>;
type Sorted = false | 'asc' | 'desc';

function HeaderCell(props: {
  column: TableColumn<unknown> | undefined;
  sorted: Sorted;
  onSort: ((event: unknown) => void) | undefined;
}) {
  const { column, sorted } = props;
  const order = sorted === 'asc' ? 'ascending' : 'descending';
  return (
    <th
      scope="col"
      data-align={column?.align}
      data-narrow={column?.isNarrow}
      aria-sort={sorted === false ? undefined : order}
    >
      {column?.sortBy ? (
        <button type="button" onClick={props.onSort}>
          {column.header}
          <span aria-hidden="true">{sortSign(sorted)}</span>
        </button>
      ) : (
        column?.header || <VisuallyHidden>Actions</VisuallyHidden>
      )}
    </th>
  );
}

function toDefinition<T>(column: TableColumn<T>): ColumnDef<typeof features, Row> {
  const { sortBy } = column;
  return {
    id: column.id,
    accessorFn: (row: Row) => sortBy?.(row as T) ?? '',
    enableSorting: sortBy !== undefined,
  };
}

function sortSign(sorted: Sorted): string {
  if (sorted === false) return '';
  return sorted === 'asc' ? ' ↑' : ' ↓';
}
