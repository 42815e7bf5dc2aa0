import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/core/inspect.js';
import type { Report } from '../../src/protocol/model.js';
import type { ToHost } from '../../src/protocol/panel.js';
import { idle, Simulation, type View } from '../../webview/simulations.js';

const text = 'from torch import nn\nmodel = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 4))\n';
const [moments] = inspect({ file: '/w/net.py', text, isAwaited: true }, { read: () => null, roots: ['/w'] }).reports;
if (moments === undefined) throw new Error('no report');
const drawn: Report = { ...moments, engine: 'sampler' };

function world() {
  const posted: ToHost[] = [];
  const views: View[] = [idle];
  const simulation = new Simulation(
    (message) => posted.push(message),
    (view) => views.push(view),
  );
  const asked = () => posted.flatMap((m) => (m.type === 'simulate' ? [m] : []));
  return {
    simulation,
    asked,
    cancelled: () => posted.flatMap((m) => (m.type === 'cancelSimulation' ? [m.id] : [])),
    view: () => views.at(-1) ?? idle,
    answer: (report: Report, [done, seeds]: readonly [number, number]) => {
      simulation.receive(asked().at(-1)?.id ?? -1, { kind: 'report', report, state: { seeds, done, lost: [] } });
    },
  };
}

describe('a simulation that the page asks for', () => {
  it('sends the last of the wishes that came while an answer was out', () => {
    const { simulation, asked, answer } = world();
    for (const inputScale of [1, 2, 3, 4]) simulation.ask('model', { engine: 'moments', whatIf: { inputScale } });
    expect(asked()).toHaveLength(1);
    answer(moments, [0, 0]);
    expect(asked().map(({ settings }) => settings.whatIf?.inputScale)).toEqual([1, 4]);
  });

  it('does not ask again for what is on its way, even after other wishes', () => {
    const { simulation, asked, answer } = world();
    for (const inputScale of [1, 2, 1]) simulation.ask('model', { engine: 'moments', whatIf: { inputScale } });
    answer(moments, [0, 0]);
    expect(asked()).toHaveLength(1);
    simulation.ask('model', { engine: 'moments', whatIf: { inputScale: 1 } });
    expect(asked()).toHaveLength(2);
  });

  it('draws numbers that came alone on the layers of the Report that it asked with', () => {
    const { simulation, asked, view } = world();
    simulation.ask('model', { engine: 'moments', whatIf: { inputScale: 2 } }, moments);
    const layers = moments.layers.map((_, i) => ({ forward: { mean: 0, variance: i + 1 } }));
    expect(asked()[0]?.valuesOnly).toBe(true);
    simulation.receive(asked()[0]?.id ?? -1, { kind: 'values', values: { layers } });
    expect(view()).toMatchObject({ isRunning: false, isBrief: true });
    expect(view().moments?.layers.map(({ name, forward }) => [name, forward?.variance])).toEqual(
      moments.layers.map(({ name }, i) => [name, i + 1]),
    );
    expect(view().moments?.layers.some(({ recommended, backward }) => recommended ?? backward)).toBe(false);

    simulation.ask('model', { engine: 'auto' });
    expect(asked()[1]).not.toHaveProperty('valuesOnly');
    simulation.receive(asked()[1]?.id ?? -1, {
      kind: 'report',
      report: moments,
      state: { seeds: 0, done: 0, lost: [] },
    });
    expect(view()).toMatchObject({ isBrief: false, moments });
  });

  it('draws nothing of numbers for other layers', () => {
    const { simulation, asked, view } = world();
    simulation.ask('model', { engine: 'moments' }, moments);
    simulation.receive(asked()[0]?.id ?? -1, { kind: 'values', values: { layers: [] } });
    expect(view().moments).toBeUndefined();
  });

  it('gives draws up for a newer wish, and lets nobody hear of them', () => {
    const { simulation, asked, cancelled, view } = world();
    simulation.ask('model', { engine: 'auto', seeds: 5 });
    const [first] = asked();
    simulation.ask('model', { engine: 'moments' });
    expect(cancelled()).toEqual([first?.id]);
    simulation.receive(first?.id ?? -1, { kind: 'report', report: drawn, state: { seeds: 5, done: 5, lost: [] } });
    expect(view().finite).toBeUndefined();
  });

  it('shows moments, then draws as they come; moments alone take old draws away', () => {
    const { simulation, answer, view } = world();
    simulation.ask('model', { engine: 'auto', seeds: 2 });
    answer(moments, [0, 2]);
    expect(view()).toMatchObject({ isRunning: true, draws: [0, 2] });
    answer(drawn, [1, 2]);
    expect(view().finite).toBe(drawn);
    simulation.ask('model', { engine: 'auto', seeds: 2 });
    answer(moments, [0, 2]);
    expect(view().finite).toBe(drawn);
    simulation.ask('model', { engine: 'moments' });
    answer(moments, [0, 0]);
    expect(view().finite).toBeUndefined();
  });

  it('stays at what had come in when it is cancelled, and can be asked again', () => {
    const { simulation, asked, answer, cancelled, view } = world();
    simulation.ask('model', { engine: 'auto', seeds: 3 });
    answer(drawn, [1, 3]);
    simulation.cancel();
    expect(cancelled()).toEqual([asked()[0]?.id]);
    expect(view()).toMatchObject({ isRunning: false, finite: drawn });
    simulation.ask('model', { engine: 'moments' });
    expect(asked()).toHaveLength(2);
  });

  it('says what went wrong, and which draws were lost', () => {
    const { simulation, asked, view } = world();
    simulation.ask('model', { engine: 'auto' });
    simulation.receive(asked()[0]?.id ?? -1, { kind: 'failed', message: 'out of memory' });
    expect(view()).toMatchObject({ isRunning: false, problem: 'out of memory' });
    simulation.ask('model', { engine: 'auto' });
    expect(view().problem).toBeUndefined();
    const lost = [{ seed: 2, message: 'its worker ended' }];
    simulation.receive(asked()[1]?.id ?? -1, { kind: 'done', state: { seeds: 3, done: 2, lost } });
    expect(view()).toMatchObject({ isRunning: false, problem: 'its worker ended', draws: [2, 3] });
  });

  it('goes on to the wish that waits when the host gives one up', () => {
    const { simulation, asked } = world();
    simulation.ask('model', { engine: 'moments' });
    simulation.ask('model', { engine: 'moments', whatIf: { depth: 2 } });
    simulation.receive(asked()[0]?.id ?? -1, { kind: 'cancelled' });
    expect(asked()).toHaveLength(2);
  });
});
