// The `vidimus` program as a child process: commands that end, and servers that are stopped.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The root of the checkout. */
export const ROOT = new URL('../../../', import.meta.url).pathname

/** Where `cargo xtask test authority` has put the program; by hand, cargo's own folder. */
export const PROGRAM = process.env.VIDIMUS_CLI ?? join(ROOT, 'target/debug/vidimus')

/** Pictures and reports of a run. */
export const RESULTS = process.env.VIDIMUS_RESULTS ?? join(ROOT, 'target/foreign')

/** Children that live, so that none outlives the tests, whatever ends them. */
const living = new Set()

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

// The runner ends a file that takes too long so.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(1))

/**
 * Starts the program.
 * @param {string[]} args
 * @param {{ env?: Record<string, string> }} [options]
 */
export function start(args, options = {}) {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not built: cargo xtask test authority`)
  const child = spawn(PROGRAM, args, {
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  living.add(child)
  const done = once(child, 'close').then(([code, signal]) => {
    living.delete(child)
    return { code, signal }
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text))
  return { child, said, done }
}

/** A command that ended otherwise than it should. */
export class Failed extends Error {
  /** @param {string[]} args @param {{ code: number, out: string, err: string }} result */
  constructor(args, result) {
    super(`vidimus ${args.join(' ')}: exit ${result.code}\n${result.out}${result.err}`)
    Object.assign(this, result)
  }
}

/**
 * Runs a command to its end.
 * @param {string[]} args
 * @param {{ input?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<{ code: number, out: string, err: string }>}
 */
export async function finish(args, options = {}) {
  const { child, said, done } = start(args, options)
  // A command that reads nothing may have ended before it is written to.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const { code } = await done
  return { code, ...said }
}

/**
 * Runs a command that must succeed, and reads the JSON that it prints.
 * @param {string[]} args
 * @param {{ input?: string, env?: Record<string, string> }} [options]
 */
export async function json(args, options = {}) {
  const result = await finish([...args, '--json'], options)
  if (result.code !== 0) throw new Failed(args, result)
  const lines = result.out.trim()
  return lines === '' ? null : JSON.parse(lines)
}

/** A folder that goes when `cleanUp` is called. */
export async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'vidimus-foreign-'))
  return { path, cleanUp: () => rm(path, { recursive: true, force: true }) }
}

/**
 * Asks again and again until the answer is true, or the time is over.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} ask
 * @param {number} [seconds]
 */
export async function until(what, ask, seconds = 20) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
