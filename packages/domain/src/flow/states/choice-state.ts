import { z } from 'zod';
import { choiceRuleSchema, holdsChoiceRule, inspectChoiceRule } from '../choice.ts';
import { errorNames, StateError } from '../state-error.ts';
import { neverWaits } from '../state-kind.ts';
import type { StateKind } from '../state-kind.ts';

const choiceSchema = z.strictObject({
  Type: z.literal('Choice'),
  Comment: z.string().optional(),
  Choices: z.array(choiceRuleSchema).min(1),
  Default: z.string().min(1).optional(),
});

/** A state of type Choice, as parsed. */
export type ChoiceState = z.infer<typeof choiceSchema>;

/** Goes where its first rule that holds says, else to Default, else fails. */
export const choiceState: StateKind<ChoiceState> = {
  schema: choiceSchema,
  blocks: false,
  globus: true,
  inspect(state, inspection) {
    for (const [index, rule] of state.Choices.entries()) {
      inspectChoiceRule(rule, ['Choices', index], inspection);
      if (rule.Next !== undefined) {
        inspection.target(['Choices', index, 'Next'], rule.Next, `choice ${index + 1}`);
      }
    }
    if (state.Default !== undefined) inspection.target(['Default'], state.Default, 'default');
    else {
      const msg = 'without Default the run fails when no rule holds';
      inspection.warn([], 'no_default', msg);
    }
  },
  enter(state, { scope }) {
    const index = state.Choices.findIndex((rule) => holdsChoiceRule(rule, scope.document));
    const next = state.Choices[index]?.Next ?? state.Default;
    if (next === undefined) {
      throw new StateError(errorNames.choice, 'no rule of the Choice holds, and it has no Default');
    }
    const rule = index < 0 ? 'default' : index + 1;
    return { kind: 'goTo', next, details: { next, rule } };
  },
  receive: neverWaits,
};
