import { parentPort, workerData } from 'node:worker_threads';
import type { SimulatedShot, SimulatedXpcsSettings } from './simulated-shot.ts';
import { writeSimulatedShot } from './simulated-shot.ts';

const { settings, shot } = workerData as { settings: SimulatedXpcsSettings; shot: SimulatedShot };
await writeSimulatedShot(settings, shot);
parentPort?.postMessage('written');
