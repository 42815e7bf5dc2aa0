import { describe, expect, it } from 'vitest';
import { PanelSimulations } from '../../../src/host/panelSimulations.js';
import { Simulations } from '../../../src/host/simulations.js';
import type { Inspections } from '../../../src/host/inspections.js';
import type { Source } from '../../../src/host/source.js';
import { pack } from '../../../src/pool/packed.js';
import type { ToPanel } from '../../../src/protocol/panel.js';
import type { WorkerMessage } from '../../../src/protocol/worker.js';
import { serve } from '../../../src/worker/serve.js';
import { modelFrom } from '../../support/model.js';

const mlp = pack(
  modelFrom('import torch.nn as nn\nmodel = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4))\n', [[8, 8]]),
);
const ask = (id: number) =>
  ({ type: 'simulate', id, entry: 'model', settings: { engine: 'sampler', seeds: 2 } }) as const;

function world() {
  const told: ToPanel[] = [];
  const seen: WorkerMessage[] = [];
  const simulations = new Simulations(
    { modelOf: () => Promise.resolve(mlp) } as unknown as Inspections,
    (listener) => {
      const handle = serve((reply) => {
        setTimeout(() => {
          listener.onReply(structuredClone(reply));
        });
      });
      const post = (message: WorkerMessage): void => {
        seen.push(message);
        setTimeout(() => {
          handle(message);
        });
      };
      return Promise.resolve({ post, terminate: () => undefined });
    },
    2,
  );
  const panel = new PanelSimulations(simulations, (message) => told.push(message));
  const kinds = (id: number) =>
    told
      .flatMap((m) => (m.type === 'simulation' && m.id === id ? [m.content.kind] : []))
      .filter((k) => k !== 'progress');
  return { panel, kinds, drawn: () => seen.filter(({ kind }) => kind === 'seed').length, simulations };
}

describe('PanelSimulations', () => {
  it('tells reports as draws come in, then that it is done', async () => {
    const { panel, kinds, simulations } = world();
    await panel.start(ask(1), Promise.resolve({} as Source));
    simulations.dispose();
    expect(kinds(1)[0]).toBe('report');
    expect(kinds(1).at(-1)).toBe('done');
  });

  it('draws nothing for what was taken back while the source was opened', async () => {
    const { panel, kinds, drawn, simulations } = world();
    let open!: (source: Source) => void;
    const started = panel.start(
      ask(1),
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    panel.cancel(1);
    open({} as Source);
    await started;
    simulations.dispose();
    expect(kinds(1)).toEqual(['cancelled']);
    expect(drawn()).toBe(0);
  });

  it('nor for a panel that is gone', async () => {
    const { panel, kinds, drawn, simulations } = world();
    const started = panel.start(ask(1), Promise.resolve({} as Source));
    panel.cancelAll();
    await started;
    simulations.dispose();
    expect(kinds(1)).toEqual([]);
    expect(drawn()).toBe(0);
  });

  it('says why a source cannot be opened', async () => {
    const { panel, kinds, simulations } = world();
    await panel.start(ask(1), Promise.reject(new Error('gone')));
    simulations.dispose();
    expect(kinds(1)).toEqual(['failed']);
  });

  it('gives the older wish of a number up for the newer', async () => {
    const { panel, kinds, simulations } = world();
    const older = panel.start(ask(1), Promise.resolve({} as Source));
    const newer = panel.start(ask(1), Promise.resolve({} as Source));
    await Promise.all([older, newer]);
    simulations.dispose();
    expect(kinds(1).filter((kind) => kind === 'done')).toHaveLength(1);
    expect(kinds(1)).not.toContain('cancelled');
  });
});
