import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../src/paths.js';
import { checkBorders, crossings, importsOf } from './borders.js';

describe('borders', () => {
  it('are kept by every file of src, routes and workers', () => {
    const { files, found } = checkBorders(packageRoot);
    expect(files).toBeGreaterThan(60);
    expect(found.join('\n')).toBe('');
  });

  it('see every form of import and say why it is wrong', () => {
    const source = `import { a } from './a.js';\nimport type { Db } from 'mongodb';\nexport * from '../../routes/app.js';\nawait import('bullmq');\nimport 'fastify';`;
    const imports = importsOf('src/gold/trends.ts', source);
    expect(imports).toEqual(['src/gold/a.ts', 'mongodb', 'routes/app.ts', 'bullmq', 'fastify']);
    const found = crossings('src/gold/trends.ts', imports).join('\n');
    for (const forbidden of ['mongodb', 'routes/app.ts', 'bullmq', 'fastify'])
      expect(found).toContain(`imports ${forbidden}\n`);
    expect(found).toContain("Add a method to the stage's store.ts");
  });
});
