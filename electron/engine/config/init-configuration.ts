import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DEFAULT_RULES } from './default-rules.ts';

const MAIN_FILE = `# What Vedette watches. Everything that a prometheus.yml may hold may stand here.
# The file is read again as soon as it is saved; "vedette check config" explains what is wrong with it.

global:
  scrape_interval: 15s
  evaluation_interval: 15s

# Alert rules: rules/default.yml watches this machine. Files put beside it are found.
rule_files:
  - rules/*.yml

# This machine: CPU, memory, disks, network.
host:
  enabled: true
  interval: 15s

# Programs that serve metrics, for example:
#   - job_name: node
#     static_configs:
#       - targets: ['localhost:9100']
scrape_configs: []

# Addresses that must answer, for example:
#   - name: api
#     interval: 30s
#     http:
#       url: https://api.example/health
#       json: ['$.status == "ok"']
checks: []

# Log files, for example:
#   - name: app
#     type: application
#     files: ['/var/log/app/*.log']
logs: []
`;

export interface InitializedConfiguration {
  /** The main file. */
  readonly file: string;
  /** What was written; a file that was there is never touched. */
  readonly created: readonly string[];
}

/** Write the main file and the default rules, unless there is a main file: rules that were removed stay removed. */
export async function initConfiguration(directory: string): Promise<InitializedConfiguration> {
  const file = join(directory, 'vedette.yml');
  if (existsSync(file)) return { file, created: [] };
  const rules = join(directory, 'rules', 'default.yml');
  await mkdir(dirname(rules), { recursive: true });
  // The main file comes last, so that an interrupted start is completed by the next one.
  const created: string[] = [];
  if (await writeNew(rules, DEFAULT_RULES)) created.push(rules);
  if (await writeNew(file, MAIN_FILE)) created.push(file);
  return { file, created };
}

async function writeNew(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
