// Starts the service on a folder of its own with the demo school, and stops it after the last test.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';
import type { Cases } from './cases';

declare module 'vitest' {
  interface ProvidedContext {
    address: string;
    cases: Cases;
    frames: string;
  }
}

const PROGRAM = resolve(process.env['REMISE_BIN'] ?? '../target/debug/remise');
/** What the camera shows in these tests; drawing all would take longer. */
const SCENES = ['empty', 'badge', 'laptop-hp', 'charter', 'together', 'already'];
const START_MS = 60_000;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'remise-page-'));
  // PostgreSQL runs under an account of its own, which must reach the folder.
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const service = spawn(PROGRAM, ['serve', '--demo', '--data', data, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RUST_LOG: 'warn' },
  });
  try {
    project.provide('address', await addressOf(service));
    const seeded = JSON.parse(execFileSync(PROGRAM, ['demo', 'seed', '--data', data, '--json'], { encoding: 'utf8' })) as { cases: Cases };
    project.provide('cases', seeded.cases);
    const frames = join(folder, 'frames');
    execFileSync(PROGRAM, ['demo', 'frames', frames, ...SCENES.flatMap((scene) => ['--scene', scene])]);
    project.provide('frames', frames);
  } catch (error) {
    service.kill('SIGTERM');
    throw error;
  }
  return async () => {
    const ended = new Promise((resume) => service.once('exit', resume));
    service.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

function addressOf(service: ChildProcess): Promise<string> {
  return new Promise((resume, reject) => {
    const late = setTimeout(() => reject(new Error('the service did not start in time')), START_MS);
    service.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    if (!service.stdout) return reject(new Error('no output'));
    createInterface(service.stdout).on('line', (line) => {
      const address = /http:\/\/[\d.:]+/.exec(line)?.[0];
      if (!address) return;
      clearTimeout(late);
      resume(address);
    });
  });
}
