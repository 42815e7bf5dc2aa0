import { Random } from '../random.js';

/** Samples whose class another, fixed network decides. */
export interface TeacherData {
  /** Sample by sample, iid N(0, 1). */
  readonly inputs: Float32Array;
  readonly labels: Uint8Array;
}

const TEACHER_UNITS = 16;

/**
 * A teacher of one hidden layer of 16 tanh units with weights of variance 1/fan-in, and as many outputs as there are
 * classes; a class is the largest output. Classes come out about equally often.
 */
export function teacherData(inputs: number, classes: number, count: number, seed: number): TeacherData {
  const random = new Random(seed);
  const first = random.normals(TEACHER_UNITS * inputs, 1 / Math.sqrt(inputs));
  const second = random.normals(classes * TEACHER_UNITS, 1 / Math.sqrt(TEACHER_UNITS));
  const x = random.normals(count * inputs);
  const labels = new Uint8Array(count);
  const hidden = new Float32Array(TEACHER_UNITS);
  for (let s = 0; s < count; s++) {
    for (let h = 0; h < TEACHER_UNITS; h++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += first[h * inputs + i]! * x[s * inputs + i]!;
      hidden[h] = Math.tanh(sum);
    }
    let best = -Infinity;
    for (let c = 0; c < classes; c++) {
      let sum = 0;
      for (let h = 0; h < TEACHER_UNITS; h++) sum += second[c * TEACHER_UNITS + h]! * hidden[h]!;
      if (sum > best) {
        best = sum;
        labels[s] = c;
      }
    }
  }
  return { inputs: x, labels };
}
