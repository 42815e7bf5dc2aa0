/** A line that counts files, on a terminal only: logs and pipes stay clean. */
export class Progress {
  private shown = 0;

  constructor(
    private readonly total: number,
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  /** Before a file is read. */
  next(index: number, file: string): void {
    // Drawing costs more than reading a small file.
    if (!this.stream.isTTY || Date.now() - this.shown < 50) return;
    this.shown = Date.now();
    const text = `${index + 1}/${this.total} ${file}`;
    this.stream.write(`\r\u001b[K${text.slice(0, Math.max(20, this.stream.columns - 1))}`);
  }

  end(): void {
    if (this.stream.isTTY && this.shown > 0) this.stream.write('\r\u001b[K');
  }
}
