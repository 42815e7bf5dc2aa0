import type { WorkerMessage, WorkerReply } from '../protocol/worker.js';
import { Inspector } from './inspector.js';
import { Lab } from './lab.js';
import { Simulations, type HelpersOf } from './simulations.js';

/** The worker's side of the conversation: inspections, simulations and the Lab, each with what it keeps. */
export function serve(post: (reply: WorkerReply) => void, helpers?: HelpersOf): (message: WorkerMessage) => void {
  const inspector = new Inspector(post);
  const simulations = new Simulations(post, helpers);
  const lab = new Lab(post);

  return (message) => {
    switch (message.kind) {
      case 'files':
      case 'forget':
      case 'inspect':
      case 'edits':
        inspector.handle(message);
        return;
      case 'labImages':
      case 'labStart':
      case 'labPlay':
      case 'labPause':
      case 'labStep':
      case 'labSeen':
        lab.handle(message);
        return;
      default:
        simulations.handle(message);
    }
  };
}
