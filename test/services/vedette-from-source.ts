import { runCommandLine } from '../../electron/headless.ts';

// The command line on the sources of the working tree: `vedette` itself prefers what was built before.
process.exitCode = await runCommandLine(process.argv.slice(2));
