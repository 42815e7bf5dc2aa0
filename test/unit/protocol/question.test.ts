import { describe, expect, it } from 'vitest';
import { likelySize, likelyValue } from '../../../src/protocol/likelySizes.js';
import { isOpen, problemWithEntry, problemWithInput, questionAbout } from '../../../src/protocol/question.js';
import { mlpInspection } from '../../fixtures/mlp.js';

const [report] = mlpInspection().reports;
if (report === undefined) throw new Error('no report');

describe('what is asked about a model', () => {
  it('is filled in with what it has', () => {
    const question = questionAbout(report);
    expect(question).toMatchObject({ about: 'Net()', entry: 'Net()', input: '64,1000', missing: [] });
    expect(question.inputReason).toBeUndefined();
    expect(isOpen(report)).toBe(false);
  });

  it('names the arguments that are missing, with likely values in their place', () => {
    const open = {
      ...report,
      entry: 'Net(width, num_classes)',
      arguments: [{ name: 'width', value: '12' }, { name: 'num_classes', reason: 'nothing gives it' }, { name: 'zzz' }],
    };
    expect(isOpen(open)).toBe(true);
    expect(questionAbout(open)).toMatchObject({
      about: 'Net(width, num_classes)',
      entry: 'Net(width=12, num_classes=10, zzz=64)',
      missing: [
        { name: 'num_classes', reason: 'nothing gives it', guess: '10' },
        { name: 'zzz', reason: 'not known', guess: '64' },
      ],
    });
  });

  it('guesses the input from the first layer, with the same sizes as the arguments', () => {
    const parameters = report.parameters.map((p) => ({
      ...p,
      shape: p.shape.length === 2 ? [10, '2 * hidden'] : [10],
    }));
    const question = questionAbout({ ...report, parameters, input: [], inputFrom: 'none', layers: [] });
    expect(question.input).toBe('1,512');
    expect(question.inputReason).toMatch(/nothing in the file shows/);
    expect(questionAbout({ ...report, input: [[1, 'hidden']] })).toMatchObject({
      input: '1,256',
      inputReason: 'its size hidden is not known',
    });
  });

  it('has the reason of a model that cannot be built apart', () => {
    const failed = { entry: 'Net()', className: 'Net', reason: 'TypeError' };
    expect(isOpen(failed)).toBe(true);
    expect(questionAbout(failed)).toMatchObject({ entry: 'Net()', input: '', missing: [] });
  });
});

describe('likely sizes', () => {
  it.each([
    ['in_channels', '3'],
    ['num_classes', '10'],
    ['vocab_size', '10000'],
    ['n_head', '8'],
    ['hidden_size', '256'],
    ['kernel_size', '3'],
    ['xyz', undefined],
  ])('%s: %s', (name, value) => {
    expect(likelyValue(name)).toBe(value);
  });

  it('counts products', () => {
    expect(likelySize('args.hidden * 4')).toBe(1024);
    expect(likelySize('a // b')).toBe(64);
  });
});

describe('an answer', () => {
  it.each(['', '  ', 'Net(', 'Net)', 'Net("a)', 'a\nb', 'Net([1)'])('may not be %j', (entry) => {
    expect(problemWithEntry(entry)).toBeDefined();
  });
  it.each(['Net()', 'Net(")", [1, {}])', "build('it\\'s')"])('may be %j', (entry) => {
    expect(problemWithEntry(entry)).toBeUndefined();
  });
  it.each(['', '1,3,224,224', '(1, 3)', '[1,16]; 1,16', '5'])('may have the input %j', (input) => {
    expect(problemWithInput(input)).toBeUndefined();
  });
  it.each(['x', '1,,3', '1,0', '-1,3', '1;', '1.5'])('may not have the input %j', (input) => {
    expect(problemWithInput(input)).toBeDefined();
  });
});
