// What stayed unknown, by cause: a cause is a kind of sentence, its details are the names in it.

/** Sentences of the reader that stand for one cause each; the group, where there is one, is the detail. */
const CAUSES = [
  ['a module that is not in the workspace', /^the module '([^']+)' is not in the workspace/],
  ['a submodule that is not in the workspace', /^there is no module '([^']+)'/],
  ['a name of a library that is not known here', /InitScope does not know ([\w.]+)/],
  ['an argument that nothing in the file gives', /^(\w+) is an argument of .* nothing in this file gives/],
  ['the shape of the input is not known', /^the shape of the input is not known/],
  ['out of time or steps', /(?:stopped after|was not read|not built|not simulated|nest deeper)/],
  ['values of a tensor are needed', /(?:depends on (?:the )?values|values? of a tensor|tensor's values)/],
  ['a loop over something unknown', /^what is iterated here is not known \((.*)\); the loop/],
  ['a condition that is not known', /(?:depends on a condition|condition that is not known)/],
  ['unknown keyword arguments', /^these keyword arguments are not known: (.*)/],
  ['an unknown wrapper round a module', /is not known \((.*)\); taken to return the module/],
  ['an attribute that is missing', /AttributeError: (.*)/],
  ['a name that is not defined', /NameError: (.*)/],
  ['arguments that do not fit', /TypeError: (.*)/],
  ['sizes or values that do not fit', /(?:RuntimeError|ValueError|IndexError|AssertionError): ?(.*)/],
  ['a key that is missing', /KeyError: ?(.*)/],
  ['a file or folder is needed', /(?:FileNotFoundError|OSError): ?(.*)/],
  ['another exception', /^(?:forward could be followed no further: )?(\w+(?:Error|Exception|Exit)\b.*)/],
];

/** Counts causes and their details by the number of files they occur in. */
export class Causes {
  #causes = new Map();

  /** `reasons` of one file. */
  add(file, reasons) {
    const seen = new Set();
    for (const reason of reasons) {
      const [cause, detail] = classify(reason);
      const entry = this.#entry(this.#causes, cause, file);
      if (!seen.has(cause)) entry.files++;
      if (!seen.has(`${cause}\n${detail}`)) this.#entry(entry.details, detail, file).files++;
      seen.add(cause).add(`${cause}\n${detail}`);
    }
  }

  #entry(map, key, file) {
    let e = map.get(key);
    if (!e) map.set(key, (e = { files: 0, example: file, details: new Map() }));
    return e;
  }

  /** The most frequent causes, each with its most frequent details. */
  lines(top, name) {
    const out = [];
    for (const [cause, { files, details }] of sorted(this.#causes)) {
      out.push(`${String(files).padStart(6)}  ${cause}`);
      for (const [detail, e] of sorted(details).slice(0, top))
        out.push(`          ${String(e.files).padStart(5)}  ${detail}   [${name(e.example)}]`);
    }
    return out;
  }
}

function sorted(map) {
  return [...map].sort((a, b) => b[1].files - a[1].files);
}

/** Details that differ only in numbers are one. */
function classify(reason) {
  for (const [cause, pattern] of CAUSES) {
    const m = pattern.exec(reason);
    if (m) return [cause, simplified(m[1] ?? reason)];
  }
  return ['something else', simplified(reason)];
}

function simplified(text) {
  return text.replace(/\d+(\.\d+)?/g, 'N').slice(0, 130);
}
