import type { Fault } from '../error.ts';
import { validateInput } from '../flow/validate-input.ts';
import { measureJson } from '../json.ts';
import type { Json } from '../json.ts';
import type { Question } from './question.ts';
import { webInputLimits } from './web-input-limits.ts';

/** What is wrong with an answer to a question, each with its place; nothing when it fits. */
export function checkResponse(question: Question, response: Json): Fault[] {
  const { responseBytes } = webInputLimits;
  if (measureJson(response, responseBytes, 64).sizeBytes > responseBytes) {
    return [{ loc: [], msg: `an answer has at most ${responseBytes} bytes`, type: 'too_big' }];
  }
  if (question.kind === 'form') return validateInput(question.schema ?? {}, response);
  if (question.kind === 'selection') return isOption(question, response) ? [] : [noOption([])];
  if (!Array.isArray(response)) {
    return [{ loc: [], msg: 'the answer is a list of the chosen values', type: 'invalid_type' }];
  }
  const faults = response.flatMap((value, index): Fault[] => {
    if (!isOption(question, value)) return [noOption([index])];
    const isFirst = response.findIndex((other) => other === value) === index;
    return isFirst ? [] : [{ loc: [index], msg: 'it is chosen twice', type: 'doubled' }];
  });
  const { least, most } = question;
  if (response.length < least) {
    faults.push({ loc: [], msg: `choose at least ${least}`, type: 'too_small' });
  }
  if (most !== null && response.length > most) {
    faults.push({ loc: [], msg: `choose at most ${most}`, type: 'too_big' });
  }
  return faults;
}

function isOption({ options }: Question, response: Json): boolean {
  return options.some(({ value }) => value === response);
}

function noOption(loc: Fault['loc']): Fault {
  return { loc, msg: 'this is none of the options', type: 'enum' };
}
