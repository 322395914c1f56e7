import { parentPort } from 'node:worker_threads';
import { DomainError } from '@interpulse/domain/error.ts';
import { answerHdf5Question, type Hdf5Question } from './hdf5-question.ts';

parentPort?.on('message', ({ id, question }: { id: number; question: Hdf5Question }) => {
  answerHdf5Question(question).then(
    (answer) => parentPort?.postMessage({ id, answer }),
    (error: unknown) => {
      const kind = error instanceof DomainError ? error.kind : 'unavailable';
      const message = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ id, problem: { kind, message } });
    },
  );
});
