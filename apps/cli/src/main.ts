import { enableCompileCache } from 'node:module';

// Before anything else is loaded: a warm cache halves the time to the first line.
enableCompileCache();
const { runProgram } = await import('./run-program.ts');
process.exitCode = await runProgram(process.argv.slice(2));
