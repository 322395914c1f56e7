/**
 * Preloaded into processes of a facility (`node --import`): their wall clock is off by as many
 * seconds as a file says, from the moment that it is written. The clock that only goes forward
 * stays as it is, as when somebody sets the time of a machine. The file is `NAME.clock` in the
 * folder `INTERPULSE_TEST_CLOCKS`, with NAME that of the process's configuration; what a process
 * starts has its clock.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const everyMilliseconds = 20;
const RealDate = Date;
const file = clockFile();
let offMilliseconds = 0;

function clockFile(): string | undefined {
  const inherited = process.env['INTERPULSE_TEST_CLOCK'];
  if (inherited !== undefined) return inherited;
  const folder = process.env['INTERPULSE_TEST_CLOCKS'];
  const config = process.argv[process.argv.indexOf('--config') + 1] ?? '';
  if (folder === undefined || !config.endsWith('.json')) return undefined;
  const own = join(folder, `${basename(config, '.json')}.clock`);
  process.env['INTERPULSE_TEST_CLOCK'] = own;
  return own;
}

function look(path: string): void {
  try {
    offMilliseconds = Number(readFileSync(path, 'utf8')) * 1000;
  } catch {
    // Nobody has set it yet.
  }
}

function now(): number {
  return RealDate.now() + offMilliseconds;
}

if (file !== undefined) {
  look(file);
  setInterval(() => look(file), everyMilliseconds).unref();
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, given: unknown[], made) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, made) as object,
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
}
