import { readTraces } from './read-traces.ts';
import { replay } from './replay.ts';
const [trace] = await readTraces('../shared/data/traces');
if (!trace) throw new Error('none');
console.log(trace.names, trace.kinds, trace.runs.length);
const t = performance.now();
console.log(
  await replay({ trace, speed: 300, mostRuns: 200, onProgress: () => undefined }),
  (performance.now() - t) / 1000,
);
