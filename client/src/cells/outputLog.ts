import { stripVTControlCharacters } from 'node:util';
import type * as vscode from 'vscode';
import { TextTail } from './textTail.ts';

/** Characters of one cell's output that the channel takes: more would freeze the panel. */
const longestHead = 1_000_000;
const longestTail = 200_000;

/** What one cell prints, on its way to the output channel. */
export class CellOutputLog {
  private readonly channel: Pick<vscode.OutputChannel, 'append'>;
  private readonly text = new TextTail(longestHead, longestTail);

  constructor(channel: Pick<vscode.OutputChannel, 'append'>) {
    this.channel = channel;
  }

  append(text: string): void {
    const shown = this.text.add(stripVTControlCharacters(text));
    if (shown !== '') this.channel.append(shown);
  }

  /** The cell has ended: the end of what was too long is told. */
  end(): void {
    const rest = this.text.rest();
    if (rest !== '') this.channel.append(rest);
  }
}
