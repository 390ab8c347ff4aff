import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { IdleCollection } from '../../server/src/lsp/idleCollection.ts';

/** Counts the collections of young objects that somebody asks for from now on. */
function forced(): () => number {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as { detail?: { kind: number; flags: number } }[]) {
      const isMinor = detail?.kind === constants.NODE_PERFORMANCE_GC_MINOR;
      if (isMinor && (detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) !== 0) count += 1;
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => count;
}

test('young objects are collected once findings have been sent, not while somebody waits for them', async () => {
  const count = forced();
  const collection = new IdleCollection(0);
  collection.schedule();
  collection.postpone();
  // Longer than it would have taken.
  await pause(200);
  expect(count()).toBe(0);
  collection.schedule();
  // Node tells of collections when its loop turns, and they alone do not turn it.
  while (count() === 0) await pause(10);
});

test('few of them are left alone', async () => {
  const count = forced();
  new IdleCollection(Number.POSITIVE_INFINITY).schedule();
  await pause(200);
  expect(count()).toBe(0);
});
