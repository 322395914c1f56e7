import { Checkbox } from '@mantine/core';

/** Which rows are chosen, by key, and who hears of a change. */
interface Choosing {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

/** The box in the head of a table: all rows that are shown, or none. */
export function ChooseAll(props: Choosing & { keys: string[] }) {
  const { chosen, keys } = props;
  const isAll = keys.every((key) => chosen.has(key));
  return (
    <th scope="col" data-choice>
      <Checkbox
        size="xs"
        aria-label="Choose all rows shown"
        checked={isAll}
        indeterminate={!isAll && chosen.size > 0}
        onChange={() => props.onChange(new Set(isAll ? [] : keys))}
      />
    </th>
  );
}

/** The box in front of a row. */
export function ChooseRow(props: Choosing & { id: string; name: string }) {
  const { id, chosen } = props;
  return (
    <td data-choice>
      <Checkbox
        size="xs"
        aria-label={`Choose ${props.name}`}
        checked={chosen.has(id)}
        onChange={(event) => {
          const next = new Set(chosen);
          if (event.currentTarget.checked) next.add(id);
          else next.delete(id);
          props.onChange(next);
        }}
      />
    </td>
  );
}
