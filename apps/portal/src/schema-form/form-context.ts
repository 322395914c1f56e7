import { createContext, use, type ComponentType } from 'react';
import type { Fault } from '@interpulse/domain/error.ts';
import type { JsonObject, JsonTrail } from '@interpulse/domain/json.ts';
import type { FieldProps } from './field-props.ts';

/** What every field of a form may need to know. */
export interface FormFacts {
  /** The whole schema, for references. */
  root: JsonObject;
  faults: readonly Fault[];
  showsMissing: boolean;
  /** Draws any field: what holds others uses it, and is used by it. */
  Field: ComponentType<FieldProps>;
}

/** The form that a field is part of. */
export const FormContext = createContext<FormFacts>({
  root: {},
  faults: [],
  showsMissing: false,
  Field: () => null,
});

/** The root of the schema, and what is wrong at a place; with `isWhole` also below it. */
export function useFormFacts(at: JsonTrail, isWhole = false) {
  const { root, faults, showsMissing, Field } = use(FormContext);
  const own = faults.filter(({ loc, type }) => {
    if (type === 'required' && !showsMissing) return false;
    // Which alternative was meant is not known; the alternatives' own faults say more.
    if (type === 'oneOf' || type === 'anyOf') return isWhole && begins(loc, at);
    return isWhole ? begins(loc, at) : loc.length === at.length && begins(loc, at);
  });
  return { root, Field, fault: own.length === 0 ? null : wordsOf(own, at) };
}

function wordsOf(faults: Fault[], at: JsonTrail): string {
  const said = faults.map(({ loc, msg, type }) => {
    if (type === 'required')
      return loc.length > at.length ? `${loc.at(-1)} is needed` : 'is needed';
    const plain = plainWords(msg);
    return loc.length > at.length ? `${loc.slice(at.length).join('.')}: ${plain}` : plain;
  });
  return [...new Set(said)].slice(0, 3).join('; ');
}

/** What the check of a schema says, without its signs. */
function plainWords(msg: string): string {
  return msg
    .replace(/^must be (<=|>=|<|>) /, (_whole, sign: string) => `${signWords[sign]} `)
    .replace(/^must be integer$/, 'must be whole')
    .replace(/^must be number$/, 'is not a number');
}

const signWords: Record<string, string> = {
  '<=': 'at most',
  '>=': 'at least',
  '<': 'below',
  '>': 'above',
};

function begins(loc: JsonTrail, at: JsonTrail): boolean {
  return at.every((step, index) => loc[index] === step);
}
