import { inspectModels, type Workspace } from '../core/inspect.js';
import { LastGood } from '../core/last-good.js';
import { isSet } from '../pool/flag.js';
import { pack } from '../pool/packed.js';
import type { InspectMessage, WorkerMessage, WorkerReply } from '../protocol/worker.js';
import { Lab } from './lab.js';
import { Simulations } from './simulations.js';
import { messageOf } from '../protocol/messageOf.js';

/** The worker's side of the conversation: keeps the files that it was given, answers inspections; keeps models, simulates them. */
export function serve(post: (reply: WorkerReply) => void): (message: WorkerMessage) => void {
  const files = new Map<string, string | null>();
  const lastGood = new LastGood();
  const simulations = new Simulations(post);
  const lab = new Lab(post);

  return (message) => {
    switch (message.kind) {
      case 'files':
        for (const [path, text] of Object.entries(message.files)) files.set(path, text);
        return;
      case 'forget':
        for (const path of message.paths) files.delete(path);
        return;
      case 'inspect':
        post(answer(message, files, lastGood));
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

function answer(
  { id, request, roots, users, withModels, cancel }: Extract<InspectMessage, { kind: 'inspect' }>,
  files: ReadonlyMap<string, string | null>,
  lastGood: LastGood,
): WorkerReply {
  const read = new Set<string>();
  const workspace: Workspace = {
    roots,
    read(path) {
      read.add(path);
      return files.get(path);
    },
    users: (names) => (names.every((name) => users?.names.includes(name)) ? users?.paths : undefined),
  };
  try {
    const { inspection, models } = inspectModels(
      { ...request, now: () => performance.now(), isCancelled: () => isSet(cancel) },
      workspace,
    );
    return {
      kind: 'done',
      id,
      inspection: lastGood.complete(inspection, request.text),
      read: [...read],
      ...(withModels === true ? { models: models.map((model) => pack(model)) } : {}),
    };
  } catch (error) {
    return { kind: 'failed', id, message: messageOf(error) };
  }
}
