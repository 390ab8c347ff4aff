import { beforeAll, describe, expect, test } from 'vitest';
import type { Tokenize } from './tokenize.ts';
import { realPython, scopesOf, stubPython, tokenizer } from './tokenize.ts';

const metal = 'meta.embedded.block.metal';
const real = realPython();
if (real === null) {
  console.log(
    'skipped: the Python grammar of VS Code is not in the cache (~/.cache/smelt) before the editor tests ran',
  );
}

describe.each([
  ['a stub of the Python grammar', stubPython],
  ["VS Code's Python grammar", real],
] as const)('in %s', (_, grammar) => {
  let tokenize: Tokenize;
  beforeAll(async () => {
    if (grammar !== null) tokenize = await tokenizer('source.python', grammar);
  });
  const it = test.skipIf(grammar === null);

  it('the source of a metal_kernel is Metal, its names are not', () => {
    const tokens = tokenize(`k = mx.fast.metal_kernel(
    name="exp", input_names=["inp"],
    header='#include <metal_math>\\n',
    source="""
        uint elem = thread_position_in_grid.x; // "x"
        out[elem] = metal::exp(inp[elem]);
    """,
    ensure_row_contiguous=True,
)
after = 1`);
    expect(scopesOf(tokens, 'uint')).toContain('storage.type.scalar.metal');
    expect(scopesOf(tokens, 'thread_position_in_grid')).toContain(
      'variable.language.builtin.metal',
    );
    expect(scopesOf(tokens, 'metal')).toContain(metal);
    expect(
      tokens
        .filter((token) => token.text.includes('exp'))
        .map((token) => token.scopes.includes(metal)),
    ).toEqual([false, true]);
    expect(tokens.find((token) => token.text.includes('metal_math'))?.scopes).toContain(metal);
    expect(tokens.find((token) => token.text.includes('ensure'))?.scopes).not.toContain(metal);
    expect(tokens.find((token) => token.text.includes('after'))?.scopes).not.toContain(
      'meta.function-call',
    );
  });

  it('the string of compile_shader is Metal, with any quotes', () => {
    for (const quote of ['"""', "'''", '"', "'", 'r"""', 'R"']) {
      const tokens = tokenize(
        `lib = torch.mps.compile_shader(${quote}kernel void f() { }${quote.replace(/\w/, '')})\nlib.f(x)`,
      );
      expect(scopesOf(tokens, 'kernel')).toContain('storage.modifier.function.metal');
      expect(
        tokens.find((token) => token.text.includes('lib') && token !== tokens[0])?.scopes,
      ).not.toContain(metal);
    }
  });

  it('an f-string keeps its Python', () => {
    const tokens = tokenize('s = compile_shader(f"""void f() {{ x[{N}] = 1.0h; }}""")\ny = 1');
    expect(scopesOf(tokens, '{{')).toContain('constant.character.escape.python');
    expect(scopesOf(tokens, '{')).toContain('placeholder');
    expect(scopesOf(tokens, 'N')).toContain('source.python meta.function-call');
    expect(scopesOf(tokens, 'h')).toContain('suffix.metal');
  });

  it('strings in brackets after source= are Metal', () => {
    const tokens = tokenize(
      'k = metal_kernel("n", source=("int a = 1;\\n"\n  "half b;"))\nz = "int c"',
    );
    expect(scopesOf(tokens, 'int')).toContain(metal);
    expect(scopesOf(tokens, 'half')).toContain(metal);
    expect(tokens.at(-1)?.scopes).not.toContain(metal);
  });

  it.each(['// comment', '/* comment', '"text', "it's", '#define X \\\\', '[[attr', '{ ('])(
    'unfinished Metal does not run over the end of its string: %s',
    (text) => {
      const tokens = tokenize(`a = compile_shader("""${text}""")\nb = 2`);
      const after = tokens.slice(tokens.findIndex((token) => token.text.startsWith('b')));
      expect(after[0]?.scopes.split(' ')).not.toContain(metal);
      expect(after.map((token) => token.scopes).join(' ')).not.toContain('meta.function-call');
    },
  );

  it('a string that includes the Metal library is Metal from there on', () => {
    const tokens = tokenize(
      'source = """\n#include <metal_stdlib>\nkernel void f() {}\n// end"""\nx = 1\nt = """\nkernel\n"""',
    );
    expect(scopesOf(tokens, 'kernel')).toContain('storage.modifier.function.metal');
    expect(scopesOf(tokens, 'kernel', 1)).not.toContain(metal);
    expect(tokens.find((token) => token.text.startsWith('x'))?.scopes).not.toMatch(/metal|string/);
  });

  it('a one-line string or a comment that names the library stays Python', () => {
    const tokens = tokenize('a = "#include <metal_stdlib>"\n# compile_shader("kernel")\nb = 1');
    expect(tokens.some((token) => token.scopes.includes(metal))).toBe(false);
  });

  it('a cell marker has a title and a kind', () => {
    const tokens = tokenize(
      '# %% Load the data\nx = 1\n#%% Notes [markdown]\n# In[3]:\n# 100 %% sure',
    );
    expect(scopesOf(tokens, '%%')).toContain('comment.line.number-sign.cell.python');
    expect(scopesOf(tokens, 'Load the data')).toContain('entity.name.section.cell.python');
    expect(scopesOf(tokens, 'Notes')).toContain('entity.name.section.cell.python');
    expect(scopesOf(tokens, '[markdown]')).toContain('storage.type.cell.python');
    expect(scopesOf(tokens, 'In[3]')).toContain('keyword.control.cell.python');
    expect(tokens.at(-1)?.scopes).not.toContain('cell');
  });

  it('a marker inside a string is text', () => {
    const tokens = tokenize('x = """\n# %% no cell\n"""');
    expect(tokens.some((token) => token.scopes.includes('cell'))).toBe(false);
  });
});
