import { useState } from 'react';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { JsonView } from '../parts/json-view.tsx';
import { SchemaForm } from '../schema-form/schema-form.tsx';
import { startValue } from '../schema-form/form-field.ts';

/** The form of an input schema, to try: what one fills in is checked and shown as JSON. */
export function FormPreview(props: { schema: JsonObject | null }) {
  const [typed, setTyped] = useState<JsonObject | null>(null);
  const [shown, setShown] = useState<JsonObject>(props.schema ?? {});
  if (props.schema !== null && props.schema !== shown) setShown(props.schema);
  const start = startValue(shown, shown);
  const value = typed ?? (isJsonObject(start) ? start : {});
  return (
    <div className="ip-stack">
      <SchemaForm
        schema={shown}
        value={value}
        onChange={setTyped}
        faults={validateInput(shown, value)}
        showsMissing={false}
      />
      <JsonView title="The input" value={value} />
    </div>
  );
}
