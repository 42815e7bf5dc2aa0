import { describe, expect, it, vi } from 'vitest';
import { parsePanelState, parseToHost, parseToPanel } from '../../../src/protocol/panel.js';
import { listener } from '../../../src/protocol/parse.js';

describe('messages of the panel', () => {
  it('to the host are checked', () => {
    const good = [
      { type: 'apply', entry: 'model' },
      { type: 'copy', text: 'x', what: 'Table' },
      { type: 'save', name: 'net.csv', content: 'a,b', encoding: 'utf8' },
      { type: 'simulate', id: 3, entry: 'model', settings: { engine: 'auto', whatIf: { inputScale: 2 } } },
    ];
    for (const message of good) expect(parseToHost(message)).toMatchObject({ ok: true });
    const bad = [
      { type: 'apply' },
      { type: 'save', name: '../../etc/passwd', content: '', encoding: 'utf8' },
      { type: 'save', name: 'net.csv', content: '', encoding: 'latin1' },
      { type: 'copy', text: 1, what: 'Table' },
      { type: 'simulate', id: 0.5, entry: 'model', settings: {} },
      { type: 'simulate', id: 1, entry: 'model', settings: { whatIf: { inputScale: -1 } } },
    ];
    for (const message of bad) expect(parseToHost(message)).toMatchObject({ ok: false });
  });

  it('to the page are checked', () => {
    const places = [{ entry: 'model', layers: ['fc'] }];
    expect(parseToPanel({ type: 'cursor', places })).toEqual({ ok: true, value: { type: 'cursor', places } });
    expect(parseToPanel({ type: 'told', text: 'Saved.' })).toMatchObject({ ok: true });
    expect(parseToPanel({ type: 'cursor', places: [{ entry: 1, layers: [] }] })).toMatchObject({ ok: false });
    expect(parseToPanel({ type: 'told' })).toMatchObject({ ok: false });
    const values = (layers: unknown) => ({
      type: 'simulation',
      id: 1,
      content: { kind: 'values', values: { layers } },
    });
    expect(parseToPanel(values([{ forward: { mean: 0, variance: 2 }, backward: { variance: 1 } }, {}]))).toMatchObject({
      ok: true,
    });
    expect(parseToPanel(values([{ forward: { mean: 0, variance: '2' } }]))).toMatchObject({ ok: false });
    expect(parseToPanel(values('none'))).toMatchObject({ ok: false });
  });

  it('that do not fit are told and ignored, at both ends', () => {
    for (const [parse, good] of [
      [parseToHost, { type: 'ready' }],
      [parseToPanel, { type: 'told', text: 'Saved.' }],
    ] as const) {
      const [handle, ignored] = [vi.fn(), vi.fn()];
      const listen = listener<unknown>(parse, handle, ignored);
      for (const bad of [undefined, null, 7, 'ready', {}, [], { type: 'nonsense' }, { type: 'simulation', id: 'x' }])
        listen(bad);
      expect(handle).not.toHaveBeenCalled();
      expect(ignored).toHaveBeenCalledTimes(8);
      listen(good);
      expect(handle).toHaveBeenCalledExactlyOnceWith(good);
      expect(ignored).toHaveBeenCalledTimes(8);
    }
  });

  it('kept over a reload are checked, and older ones still fit', () => {
    expect(parsePanelState({ uri: 'file:///net.py', layer: 'fc', step: 3 })).toMatchObject({ ok: true });
    const kept = {
      uri: 'file:///net.py',
      folds: { layer1: true },
      zoom: { from: 'a', to: 'b' },
      whatIf: { init: 'normal', value: 0.1, normalization: 'off' },
      sort: { column: 'gradient', descending: true },
    };
    expect(parsePanelState(kept)).toEqual({ ok: true, value: kept });
    expect(parsePanelState({ ...kept, folds: 'all' })).toMatchObject({ ok: false });
  });
});
