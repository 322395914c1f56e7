import type { Json } from '@interpulse/domain/json.ts';
import type { Question } from '@interpulse/domain/web-input/question.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { valueWords } from './value-words.ts';
import classes from './questions.module.css';

type Option = Question['options'][number];

/** Options as rows of a table, with a box in front of each. */
export function RowChoice(props: {
  question: Question;
  chosen: readonly Json[];
  onChoose: (values: Json[]) => void;
}) {
  const { options, columns, least, most } = props.question;
  const keyOf = ({ value }: Option) => JSON.stringify(value);
  const chosen = new Set(props.chosen.map((value) => JSON.stringify(value)));
  return (
    <div>
      <p className={classes.hint}>{amountWords(least, most)}</p>
      <DataTable
        label="Options"
        columns={[labelColumn, ...columns.map(columnOf)]}
        rows={options}
        rowKey={keyOf}
        empty="There is nothing to choose from."
        selection={{
          chosen,
          // In the order of the table, whatever was pressed first.
          onChange: (keys) =>
            props.onChoose(
              options.filter((each) => keys.has(keyOf(each))).map((each) => each.value),
            ),
          nameOf: ({ label }) => label,
        }}
      />
    </div>
  );
}

const labelColumn: TableColumn<Option> = {
  id: 'label',
  header: 'Option',
  isMain: true,
  cell: ({ label, description }) => (
    <>
      {label}
      {description !== '' && <small className="ip-dim"> {description}</small>}
    </>
  ),
};

function columnOf({ name, label }: Question['columns'][number]): TableColumn<Option> {
  return {
    id: `cell ${name}`,
    header: label,
    sortBy: ({ cells }) => sortValue(cells[name]),
    cell: ({ cells }) => valueWords(cells[name]),
  };
}

function sortValue(value: Json | undefined): string | number {
  return typeof value === 'number' ? value : valueWords(value);
}

function amountWords(least: number, most: number | null): string {
  if (most === null) return least === 0 ? 'Choose any, or none.' : `Choose at least ${least}.`;
  if (least === most) return `Choose ${most}.`;
  return least === 0 ? `Choose up to ${most}.` : `Choose ${least} to ${most}.`;
}
