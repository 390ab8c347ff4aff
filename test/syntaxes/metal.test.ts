import { beforeAll, describe, expect, test } from 'vitest';
import type { Tokenize } from './tokenize.ts';
import { scopesOf, tokenizer } from './tokenize.ts';

let tokenize: Tokenize;
beforeAll(async () => {
  tokenize = await tokenizer('source.metal');
});

const kernel = `#include <metal_stdlib>
using namespace metal;
struct Params { uint n; half2 scale; };
// y += a x
kernel void saxpy(device const float* x [[buffer(0)]],
                  constant Params& p [[buffer(1)]],
                  threadgroup bfloat* tile [[threadgroup(0)]],
                  texture2d<half, access::sample> image [[texture(0)]],
                  uint i [[thread_position_in_grid]]) {
  float4x4 m = float4x4(1.0f);
  half scale = 0.5h * 1e-3f + 2.0bf;
  simdgroup_half8x8 acc;
  float total = simd_sum(metal::precise::exp(x[i]));
  threadgroup_barrier(mem_flags::mem_threadgroup);
  /* not yet
     over */ return;
}`;

const expected: readonly (readonly [text: string, scope: string])[] = [
  ['include', 'keyword.control.directive.include.metal'],
  ['<metal_stdlib>', 'string.quoted.other.lt-gt.include.metal'],
  ['using', 'keyword.other.using.metal'],
  ['struct', 'storage.type.struct.metal'],
  ['Params', 'entity.name.type.metal'],
  ['half2', 'storage.type.vector.metal'],
  ['kernel', 'storage.modifier.function.metal'],
  ['void', 'storage.type.scalar.metal'],
  ['saxpy', 'entity.name.function.metal'],
  ['device', 'storage.modifier.address-space.metal'],
  ['constant', 'storage.modifier.address-space.metal'],
  ['threadgroup', 'storage.modifier.address-space.metal'],
  ['buffer', 'entity.other.attribute-name.metal'],
  ['thread_position_in_grid', 'entity.other.attribute-name.metal'],
  ['bfloat', 'storage.type.scalar.metal'],
  ['texture2d', 'support.type.metal'],
  ['float4x4', 'storage.type.matrix.metal'],
  ['simdgroup_half8x8', 'storage.type.matrix.metal'],
  ['simd_sum', 'support.function.metal'],
  ['exp', 'support.function.metal'],
  ['threadgroup_barrier', 'support.function.metal'],
  ['mem_threadgroup', 'support.constant.metal'],
  ['0.5', 'constant.numeric.decimal.metal'],
  ['h', 'keyword.other.unit.suffix.metal'],
  ['bf', 'keyword.other.unit.suffix.metal'],
  ['not yet', 'comment.block.metal'],
  ['return', 'keyword.control.metal'],
];

test.each(expected)('%s is %s', (text, scope) => {
  expect(scopesOf(tokenize(kernel), text).split(' ')).toContain(scope);
});

describe('what a name is depends on where it stands', () => {
  test('a variable may be called kernel or thread', () => {
    expect(scopesOf(tokenize('int kernel = thread;'), 'kernel')).toBe('source.metal');
  });

  test('two closing brackets of indexing are no attribute', () => {
    expect(scopesOf(tokenize('x = a[b[0]];'), '0')).not.toContain('attribute');
  });

  test('an attribute may hold an expression with an index', () => {
    expect(scopesOf(tokenize('float x [[function_constant(t[0])]];'), '0')).toContain(
      'meta.attribute.metal',
    );
  });

  test('double does not exist in Metal', () => {
    expect(scopesOf(tokenize('double x;'), 'double')).toContain('invalid.illegal');
  });
});

test.each(['/* never closed', '"never closed', '[[never closed', '#define', "'", '0x', '\\'])(
  'unfinished text ends in tokens: %s',
  (text) => {
    expect(
      tokenize(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text);
  },
);
