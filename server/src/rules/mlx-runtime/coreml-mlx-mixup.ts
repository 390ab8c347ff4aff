import type { Value } from '../../semantics/values.ts';
import { arrayFiles, coremlModelFiles } from '../../tables/coremlFiles.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  meta: {
    name: 'coreml-mlx-mixup',
    code: 'MLX602',
    severity: 'error',
    summary: 'A Core ML model is given to MLX, or something of MLX to Core ML',
    since: '0.1.0',
    fix: 'none',
  },
  words: /coremltools|mlx/i,
  calls: (name) => name === 'mlx.core.load' || name.startsWith('coremltools.'),
  on: {
    libraryCall(fact, report) {
      const first = fact.positional[0] ?? fact.keywords.get('file') ?? fact.keywords.get('model');
      const message = first === undefined ? null : messageFor(fact.name, first);
      const argument = fact.node.args[0];
      if (message !== null && argument !== undefined) report({ at: argument.value, message });
    },
  },
};

const textIn = (value: Value): string =>
  value.kind === 'constant' && typeof value.value === 'string' ? value.value : '';

function messageFor(name: string, first: Value): string | null {
  switch (name) {
    case 'mlx.core.load':
      return coremlModelFiles.test(textIn(first))
        ? 'mx.load reads arrays (.safetensors, .npz, .gguf), and this is a Core ML model: it raises.'
        : null;
    case 'coremltools.convert':
      return isOfMlx(first)
        ? 'coremltools converts PyTorch and TensorFlow models and knows nothing of MLX: this raises.'
        : null;
    case 'coremltools.models.MLModel':
      return arrayFiles.test(textIn(first))
        ? 'MLModel opens Core ML packages (.mlpackage, .mlmodel), and this file holds only arrays: it raises.'
        : null;
    default:
      return null;
  }
}

const isOfMlx = (value: Value): boolean =>
  value.kind === 'mlxModule' ||
  value.kind === 'mlxArray' ||
  (value.kind === 'library' && value.name.startsWith('mlx.')) ||
  ((value.kind === 'instance' || value.kind === 'class') &&
    (value.kind === 'instance' ? value.class : value).libraryBases.includes('mlx.nn.Module'));
