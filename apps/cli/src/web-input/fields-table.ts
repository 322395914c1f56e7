import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { inWords } from '../output/in-words.ts';
import { renderTable } from '../output/render-table.ts';

/** The fields of a form, from its JSON Schema: what each takes, and what it means. */
export function fieldsTable({ properties, required }: JsonObject): string {
  const needed: Json[] = Array.isArray(required) ? required : [];
  const fields = Object.entries(isJsonObject(properties) ? properties : {});
  const rows = fields.map(([name, member]) => {
    const schema = isJsonObject(member) ? member : {};
    const { title, description } = schema;
    const words = [title, description].map((text) => (typeof text === 'string' ? text : ''));
    const meaning = words.filter((text) => text !== '').join(': ');
    return [name, needed.includes(name) ? 'yes' : 'no', valueWords(schema), meaning];
  });
  const columns = ['field', 'needed', 'value', 'meaning'];
  return renderTable({ columns, rows, empty: 'a form without named fields' });
}

function valueWords(schema: JsonObject): string {
  const { type, enum: choices, minimum, maximum, default: byDefault } = schema;
  const kind = Array.isArray(choices)
    ? choices.map(inWords).join(' | ')
    : (Array.isArray(type) ? type : [type ?? 'any']).map(inWords).join(' | ');
  const least = minimum === undefined ? [] : [`at least ${inWords(minimum)}`];
  const most = maximum === undefined ? [] : [`at most ${inWords(maximum)}`];
  const otherwise = byDefault === undefined ? [] : [`else ${inWords(byDefault)}`];
  return [kind, ...least, ...most, ...otherwise].join(', ');
}
