import { parentPort } from 'node:worker_threads';
import { assist, type Invitation } from '../core/propagation/kernels/team.js';

/** A Node thread that takes part in one team's work after the other. */
parentPort?.on('message', (invitation: Invitation) => {
  assist(invitation);
});
