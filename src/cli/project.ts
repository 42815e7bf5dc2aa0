import path from 'node:path';
import { isExcluded, pyprojectsOf, readPyproject, type ConfigPart } from '../core/config/index.js';
import { readText, toSlashes } from './workspace.js';

/** What the project of a file says, and the folder it says it for. */
export interface Project {
  readonly folder: string;
  readonly part: ConfigPart;
}

/** A pyproject.toml that is wrong; the message says what. */
export class ConfigProblem extends Error {}

const none: Project = { folder: '', part: {} };

/** The nearest pyproject.toml with `[tool.initscope]`, for each file. */
export class Projects {
  private readonly known = new Map<string, Project | undefined>();

  of(file: string): Project {
    for (const candidate of pyprojectsOf(toSlashes(path.resolve(file)))) {
      const project = this.read(candidate);
      if (project !== undefined) return project;
    }
    return none;
  }

  isExcluded(file: string): boolean {
    const { folder, part } = this.of(file);
    return isExcluded(toSlashes(path.resolve(file)), folder, part.exclude ?? []);
  }

  private read(file: string): Project | undefined {
    if (this.known.has(file)) return this.known.get(file);
    const text = readText(file);
    const checked = text === null ? undefined : readPyproject(text);
    const [problem] = checked?.problems ?? [];
    if (problem !== undefined) throw new ConfigProblem(`${file}: [tool.initscope] ${problem}`);
    const project = checked && { folder: path.posix.dirname(file), part: checked.part };
    this.known.set(file, project);
    return project;
  }
}
