import type * as vscode from 'vscode';
import type { LabMessage } from '../../protocol/worker.js';
import { chosenImages, shippedImages, type ImageFiles } from './imageFiles.js';

interface Receiver {
  post(message: LabMessage): void;
}

/** Which images of digits the Lab's worker has, and which it was asked to take: it answers in the order that it was asked. */
export class LabImages {
  private readonly asked: ImageFiles[] = [];
  /** Those that a worker took last. */
  private used: ImageFiles | undefined;
  /** The worker that runs now has some. */
  private isProvided = false;
  private shipped: Promise<ImageFiles> | undefined;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly worker: Receiver,
  ) {}

  /** Sees to it that the worker has images: those in use before, or those that ship. */
  async provide(): Promise<void> {
    const files = this.used ?? (await this.read());
    if (!this.isProvided && this.asked.length === 0) this.send(files);
  }

  async choose(): Promise<void> {
    const files = await chosenImages();
    if (files === undefined) return;
    // Should the worker refuse them, it has others.
    await this.provide();
    this.send(files);
  }

  async useShipped(): Promise<void> {
    this.send(await this.read());
  }

  /** The worker took those that it was asked to take longest ago, or refused them and keeps what it had. */
  settle(areTaken: boolean): ImageFiles | undefined {
    const files = this.asked.shift();
    if (!areTaken) return this.used;
    this.isProvided = true;
    this.used = files;
    return files;
  }

  /** The worker is gone, and its images with it. */
  forget(): void {
    this.asked.length = 0;
    this.isProvided = false;
  }

  private read(): Promise<ImageFiles> {
    this.shipped ??= shippedImages(this.extensionUri);
    return this.shipped;
  }

  private send(files: ImageFiles): void {
    this.asked.push(files);
    this.worker.post({ kind: 'labImages', images: files.images, labels: files.labels });
  }
}
