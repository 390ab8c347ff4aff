import { expect, test } from 'vitest';
import { TextTail } from '../../client/src/cells/textTail.ts';

test('short text is all beginning', () => {
  const text = new TextTail(10, 4);
  expect([text.add('abc'), text.add('def'), text.rest()]).toEqual(['abc', 'def', '']);
});

test('what comes behind the beginning is kept while it is short', () => {
  const text = new TextTail(4, 4);
  expect(text.add('abcdef')).toBe('abcd');
  expect(text.rest()).toBe('ef');
});

test('long text keeps both ends and says how much lies between', () => {
  const text = new TextTail(3, 4);
  let head = '';
  for (let i = 0; i < 100_000; i += 1) head += text.add('0123456789');
  expect(head).toBe('012');
  expect(text.rest()).toBe('\n… 999,993 characters left out …\n6789');
});
