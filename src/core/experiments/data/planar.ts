import { Random } from '../random.js';

/** Points of the plane in two classes, about in [−1.5, 1.5]². */
export interface PlanarData {
  /** x and y, point by point. */
  readonly points: Float32Array;
  /** 0 or 1. */
  readonly labels: Uint8Array;
}

export const PLANAR_SETS = ['circle', 'moons', 'squares', 'gaussians', 'spiral'] as const;
export type PlanarSet = (typeof PLANAR_SETS)[number];

type Point = (random: Random, label: number) => readonly [number, number];

const SETS: Readonly<Record<PlanarSet, Point>> = {
  /** A disc and the ring about it. */
  circle(random, label) {
    const radius = label === 1 ? random.uniform(0, 0.5) : random.uniform(0.8, 1.2);
    return polar(radius, random.uniform(0, 2 * Math.PI));
  },
  /** Two half circles, one hooked into the other. */
  moons(random, label) {
    const angle = random.uniform(0, Math.PI);
    const [x, y] = label === 1 ? [1 - Math.cos(angle), 0.5 - Math.sin(angle)] : [Math.cos(angle), Math.sin(angle)];
    return [x - 0.5 + jitter(random), y - 0.25 + jitter(random)];
  },
  /** Opposite quadrants belong together: exclusive or. */
  squares(random, label) {
    const [x, y] = [random.uniform(0.05, 1), random.uniform(0.05, 1)];
    const left = random.uniform() < 0.5;
    return [left ? -x : x, (label === 1) === left ? -y : y];
  },
  gaussians(random, label) {
    const [x = 0, y = 0] = random.normals(2, 0.3);
    const centre = label === 1 ? 0.6 : -0.6;
    return [x + centre, y + centre];
  },
  /** Two arms of one and a half turns. */
  spiral(random, label) {
    const along = Math.sqrt(random.uniform());
    const [x, y] = polar(1.2 * along, 3 * Math.PI * along + label * Math.PI);
    return [x + 0.3 * jitter(random), y + 0.3 * jitter(random)];
  },
};

function polar(radius: number, angle: number): readonly [number, number] {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function jitter(random: Random): number {
  return random.uniform(-0.12, 0.12);
}

/** `count` points, as many of each class. */
export function planarData(set: PlanarSet, count: number, seed: number): PlanarData {
  const random = new Random(seed);
  const points = new Float32Array(2 * count);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  labels.forEach((label, i) => {
    points.set(SETS[set](random, label), 2 * i);
  });
  return { points, labels };
}
