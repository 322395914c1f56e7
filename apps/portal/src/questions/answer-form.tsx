import { useState, type SyntheticEvent } from 'react';
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { isJsonObject, type Json, type JsonObject } from '@interpulse/domain/json.ts';
import { checkResponse } from '@interpulse/domain/web-input/check-response.ts';
import type { Question } from '@interpulse/domain/web-input/question.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { SchemaForm } from '../schema-form/schema-form.tsx';
import { OptionCards } from './option-cards.tsx';
import { RowChoice } from './row-choice.tsx';
import classes from './questions.module.css';

/** The answer to an open question: chosen or filled in, then sent with one press. */
export function AnswerForm(props: { asked: Schemas['WebInput'] }) {
  const { asked } = props;
  const question = asked.question as Question;
  const queryClient = useQueryClient();
  const [response, setResponse] = useState<Json>(() => startingResponse(question));
  const [comment, setComment] = useState('');
  const [hasTried, setTried] = useState(false);
  const faults = checkResponse(question, response);
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: queries.webInput(asked.id).queryKey }),
      queryClient.invalidateQueries({ queryKey: ['webInputs'] }),
    ]);
  const send = useMutation({
    mutationFn: () => {
      const header = { 'Idempotency-Key': crypto.randomUUID() };
      const params = { path: { webInputId: asked.id }, header };
      const body = { response, comment: comment.trim() };
      return unwrap(hub.POST('/api/v1/web-inputs/{webInputId}/respond', { params, body }));
    },
    onSettled: refresh,
  });
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    setTried(true);
    if (faults.length === 0) send.mutate();
  };
  const whole = faults.find(({ loc }) => loc.length === 0);
  return (
    <form onSubmit={onSubmit} noValidate className={classes.form}>
      {question.kind === 'selection' && (
        <OptionCards options={question.options} chosen={response} onChoose={setResponse} />
      )}
      {question.kind === 'table' && (
        <RowChoice
          question={question}
          chosen={Array.isArray(response) ? response : []}
          onChoose={setResponse}
        />
      )}
      {question.kind === 'form' && (
        <SchemaForm
          schema={question.schema ?? {}}
          value={isJsonObject(response) ? response : {}}
          onChange={setResponse}
          faults={faults}
          showsMissing={hasTried}
        />
      )}
      <Textarea
        label="Comment"
        description="Goes with the answer, for others to read"
        autosize
        minRows={1}
        maxRows={6}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {send.isError && <ProblemNotice error={send.error} />}
      {hasTried && faults.length > 0 && (
        <p role="alert" className={classes.fault}>
          {faultWords(question, whole?.msg, faults.length)}
        </p>
      )}
      <Button type="submit" size="lg" fullWidth loading={send.isPending}>
        {sendWords(question, response)}
      </Button>
    </form>
  );
}

function startingResponse(question: Question): Json {
  if (question.kind === 'selection') return null;
  if (question.kind === 'table') return [];
  const { properties } = question.schema ?? {};
  const defaults: JsonObject = {};
  for (const [name, member] of Object.entries(isJsonObject(properties) ? properties : {})) {
    if (isJsonObject(member) && member['default'] !== undefined) defaults[name] = member['default'];
  }
  return defaults;
}

function faultWords({ kind }: Question, whole: string | undefined, count: number): string {
  if (kind === 'selection') return 'Choose one of the options.';
  if (kind === 'table') return `Please ${whole ?? 'choose rows'}.`;
  return count === 1 ? 'One field needs attention.' : `${count} fields need attention.`;
}

/** The button says what will be sent: on a phone the choice may have left the screen. */
function sendWords(question: Question, response: Json): string {
  if (question.kind === 'selection') {
    const chosen = question.options.find(({ value }) => value === response);
    return chosen === undefined ? 'Answer' : `Answer: ${chosen.label}`;
  }
  if (question.kind !== 'table' || !Array.isArray(response)) return 'Answer';
  return `Answer: ${response.length} of ${question.options.length}`;
}
