import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../json.ts';
import { parseDefinition } from './definition.ts';
import { inspectFlows } from './inspect-flows.ts';
import { askedPeople, unknownPeople, type MissingPeople } from './unknown-people.ts';

const identity = '0a0a0a0a-0000-0000-0000-000000000001';
const known: MissingPeople = {
  missing: new Set(['user:bob', 'project:dmo', 'project:beamline']),
  principals: { [identity]: 'project:beamline' },
};

function flowsWith(RespondentUrns: Json) {
  const Options = [{ Value: 'go' }];
  const parameters = { InputType: 'Selection', Options, RespondentUrns };
  const Ask = { Type: 'CreateWebInput', Parameters: parameters, End: true };
  const Each = {
    Type: 'Map',
    ItemsPath: '$.items',
    ResultPath: '$.results',
    Iterator: { StartAt: 'Ask', States: { Ask } },
    End: true,
  };
  const parsed = parseDefinition({ StartAt: 'Each', States: { Each } });
  assert.ok('definition' in parsed, JSON.stringify(parsed));
  return inspectFlows(parsed.definition);
}

test('respondents who are nobody here are warned of, each at its place', () => {
  const urns = ['user:ada', 'user:bob', 'project:demo', 'project:dmo', 'ada', identity];
  const told = unknownPeople(flowsWith(urns), known).map(({ loc, msg }) => [loc.slice(-2), msg]);
  assert.deepEqual(told, [
    [['RespondentUrns', 1], 'there is no user "bob" at this hub yet'],
    [['RespondentUrns', 3], 'there is no project "dmo" at this hub yet'],
    [
      ['RespondentUrns', 4],
      '"ada" is nobody here; write user:NAME or project:NAME, ' +
        'or map it in mapping.principals of the hub',
    ],
    [['RespondentUrns', 5], 'there is no project "beamline" at this hub yet'],
  ]);
  const [alone] = unknownPeople(flowsWith('user:bob'), known);
  assert.equal(alone?.loc.at(-1), 'RespondentUrns');
  assert.deepEqual(alone?.loc.slice(0, 3), ['States', 'Each', 'Iterator']);
});

test('who is asked is named once, by kind', () => {
  const urns = ['user:ada', 'user:ada', 'project:demo', 'nobody', identity];
  assert.deepEqual(askedPeople(flowsWith(urns), known.principals), {
    users: ['ada'],
    projects: ['demo', 'beamline'],
  });
  assert.deepEqual(unknownPeople(flowsWith([]), known), []);
});
