import * as vscode from 'vscode';
import type { Probe } from '../kernel/messages.gen.ts';
import { deviceText } from '../views/deviceText.ts';
import type { Host } from './architecture.ts';
import { architectureProblem, intelPython, nativeStart } from './architecture.ts';
import type { InterpreterChoice } from './interpreterChoice.ts';
import type { Interpreter } from './interpreters.ts';
import { probeInterpreter } from './probe.ts';

export interface Device {
  readonly label: string;
  readonly warning: boolean;
  readonly verdict: string;
  readonly probe: Probe | null;
}

const unknown: Device = {
  label: 'Smelt',
  warning: false,
  verdict: 'The device is not known yet.',
  probe: null,
};
const untrusted: Device = {
  label: 'Smelt',
  warning: false,
  verdict: 'The device is read when you trust this folder: that starts its Python.',
  probe: null,
};
const noPython: Device = {
  label: 'no Python',
  warning: true,
  verdict: 'No Python was found on this machine: install one, or run Smelt: Select Interpreter.',
  probe: null,
};

const intel: Device = {
  label: 'x86',
  warning: true,
  verdict: `This ${intelPython}`,
  probe: null,
};

/** What the chosen interpreter computes on. Each interpreter is asked once, until it is chosen anew. */
export class DeviceState implements vscode.Disposable {
  private readonly choice: InterpreterChoice;
  private readonly host: Host;
  private readonly runtime: string;
  private readonly log: vscode.LogOutputChannel;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listener: vscode.Disposable;
  private readonly answers = new Map<string, Promise<Device>>();
  readonly onDidChange = this.changed.event;
  current: Device = unknown;
  private latest = 0;

  constructor(
    choice: InterpreterChoice,
    host: Host,
    runtime: string,
    log: vscode.LogOutputChannel,
  ) {
    this.choice = choice;
    this.host = host;
    this.runtime = runtime;
    this.log = log;
    this.listener = choice.onDidChange(() => {
      this.answers.clear();
      void this.of(vscode.window.activeTextEditor?.document.uri);
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }

  async of(uri: vscode.Uri | undefined): Promise<Device> {
    this.latest += 1;
    const asked = this.latest;
    const device = await this.ask(uri);
    // A slow answer about another interpreter comes too late.
    if (asked === this.latest) {
      this.current = device;
      this.changed.fire();
    }
    return device;
  }

  private async ask(uri: vscode.Uri | undefined): Promise<Device> {
    if (!vscode.workspace.isTrusted) return untrusted;
    const interpreter = await this.choice.current(uri);
    if (interpreter === null) return noPython;
    // Its header says it: it is not started for that.
    if (architectureProblem(interpreter, this.host.machine) !== null) return intel;
    let answer = this.answers.get(interpreter.path);
    if (answer === undefined) {
      answer = this.probe(interpreter);
      this.answers.set(interpreter.path, answer);
    }
    return answer;
  }

  private async probe(interpreter: Interpreter): Promise<Device> {
    try {
      const probe = await probeInterpreter({
        interpreter: interpreter.path,
        start: nativeStart(interpreter, this.host.machine),
        runtime: this.runtime,
        environment: {},
      });
      return { ...deviceText(probe, this.host.machine), probe };
    } catch (error) {
      const verdict = error instanceof Error ? error.message : String(error);
      this.log.warn(verdict);
      return { label: 'no Python', warning: true, verdict, probe: null };
    }
  }
}
