import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Python, startPython } from './python.js';

const INT8 = 'model_quantized.onnx';
const FLOAT = 'model.onnx';

export type Rivals = {
  /** Those that could be started, by what they are called in the table. */
  readonly running: ReadonlyMap<string, Python>;
  /** Sentences about those that could not, and what the others are. */
  readonly notes: readonly string[];
  close(): Promise<void>;
};

const plans = (modelDir: string, train: string): readonly (readonly [string, readonly string[]])[] => [
  ['Python ONNX Runtime int8', ['onnx', '--model', modelDir, '--graph', join('onnx', INT8)]],
  ...(existsSync(join(modelDir, 'onnx', FLOAT))
    ? ([['Python ONNX Runtime fp32', ['onnx', '--model', modelDir, '--graph', join('onnx', FLOAT)]]] as const)
    : []),
  ['Python transformers fp32', ['torch', '--model', modelDir]],
  ['scikit-learn TF-IDF + LR', ['linear', '--train', train]],
];

/** Starts what Python has the packages for; `python` undefined means that nobody wants any. */
export async function startRivals(
  python: string | undefined,
  modelDir: string,
  train: readonly { readonly text: string; readonly category: string }[],
): Promise<Rivals> {
  const running = new Map<string, Python>();
  const close = async () => void (await Promise.all([...running.values()].map((rival) => rival.close())));
  if (python === undefined) return { running, notes: ['Python rivals were turned off.'], close };
  const folder = mkdtempSync(join(tmpdir(), 'redress-bench-'));
  const notes: string[] = [];
  try {
    const file = join(folder, 'train.jsonl');
    writeFileSync(file, train.map((row) => `${JSON.stringify(row)}\n`).join(''));
    for (const [name, args] of plans(modelDir, file)) {
      const rival = await startPython(python, args);
      if ('missing' in rival) notes.push(`${name} was left out: ${rival.missing}.`);
      else {
        running.set(name, rival);
        notes.push(`${name}: ${rival.about}.`);
      }
    }
    return { running, notes, close };
  } catch (e) {
    await close();
    throw e;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
