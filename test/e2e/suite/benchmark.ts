import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { BenchmarkResult } from '../../../client/src/benchmark/runBenchmark.ts';
import { smelt, when } from './editor.ts';
import { ask, hasPage, notification } from './page.ts';
import { inEveryTheme } from './themes.ts';

export function benchmarks(): void {
  describe('benchmark', () => {
    before(() => smelt());

    it('measures a product on every device and shows a page', async () => {
      const result = await vscode.commands.executeCommand<BenchmarkResult>('smelt.benchmark', 512);
      const rows = result.rows.map(({ framework, device }) => `${framework} ${device}`);
      assert.ok(rows.includes('torch cpu') && rows.includes('mlx cpu'), rows.join());
      for (const row of result.rows) {
        assert.ok(
          row.median !== null && row.q1 !== null && row.q3 !== null && row.gflops !== null,
          JSON.stringify(row),
        );
        assert.ok(row.q1 <= row.median && row.median <= row.q3);
        assert.ok(Math.abs(row.gflops - (2 * 512 ** 3) / row.median / 1e9) < 1e-6 * row.gflops);
      }
      await when(
        'the page is open',
        () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === 'Benchmark: matmul',
        vscode.window.tabGroups.onDidChangeTabs as vscode.Event<never>,
      );
      if (hasPage()) await ask({ ask: 'waitForFrame', text: 'Interquartile range' });
      await inEveryTheme('benchmark');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });

    it('can be cancelled, and shows what was measured', async function () {
      if (!hasPage()) this.skip();
      const running = vscode.commands.executeCommand<BenchmarkResult | undefined>(
        'smelt.benchmark',
        4096,
      );
      await notification('matmul on torch cpu');
      await ask({
        ask: 'click',
        selector: '.notifications-center .monaco-button:has-text("Cancel")',
      });
      const result = await running;
      assert.ok(
        result?.caveats.some((caveat) => caveat.includes('Stopped')),
        JSON.stringify(result),
      );
      await vscode.commands.executeCommand('notifications.clearAll');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
  });
}
