// A real authority in a temporary home, with its servers.

import { createServer } from 'node:net'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finish, folder, json, ROOT, start, until } from './program.mjs'

const PORTRAIT = join(ROOT, 'cli/assets/portrait.jpg')

/** A port of loopback that is free now. */
export async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** One `vidimus authority serve`. */
class Served {
  /** @param {string[]} args @param {Record<string, string>} [env] */
  constructor(args, env) {
    Object.assign(this, start(args, { env }))
  }

  /** What it has said on standard error. */
  get log() {
    return this.said.err
  }

  /** Its first line, JSON, once it listens. */
  async listening() {
    const line = await until('the authority listens', () => {
      if (this.child.exitCode !== null) throw new Error(`serve ended: ${this.said.err}`)
      return this.said.out.includes('\n') && this.said.out
    })
    return JSON.parse(line.split('\n')[0])
  }

  async stop() {
    this.child.kill('SIGINT')
    await this.done
  }

  /** As a loss of power does. */
  async kill() {
    this.child.kill('SIGKILL')
    await this.done
  }
}

/** An authority: a home, and its servers. */
export class Authority {
  /** @type {Served[]} */
  servers = []
  #registered = 0

  /**
   * Makes a home and serves it.
   * @param {{ init?: string[], serve?: string[] | ((it: Authority) => string[]), path?: string,
   *   port?: number, host?: string, listen?: string, env?: Record<string, string>, before?: (it: Authority) => any }} [options]
   */
  static async open(options = {}) {
    const authority = new Authority()
    authority.folder = await folder()
    authority.home = join(authority.folder.path, 'auth')
    authority.port = options.port ?? (await freePort())
    const host = options.host ?? '127.0.0.1'
    authority.issuer = `http://${host}:${authority.port}${options.path ?? ''}`
    await authority.run('init', '--issuer', authority.issuer, ...(options.init ?? []))
    authority.root = join(authority.home, 'root.cose')
    authority.env = options.env
    await options.before?.(authority)
    const { serve } = options
    const more = typeof serve === 'function' ? serve(authority) : serve
    await authority.serve(options.listen ?? '127.0.0.1', more)
    return authority
  }

  /**
   * `serve --demo` in an empty folder: made-up drivers, both listeners, and what a visitor is told.
   * @param {string[]} [more]
   */
  static async demonstration(more = []) {
    const authority = new Authority()
    authority.folder = await folder()
    authority.home = join(authority.folder.path, 'auth')
    authority.root = join(authority.home, 'root.cose')
    authority.port = await freePort()
    authority.issuer = `http://127.0.0.1:${authority.port}`
    const office = `127.0.0.1:${await freePort()}`
    authority.office = `http://${office}`
    const listen = ['--listen', `127.0.0.1:${authority.port}`, '--office', office]
    const args = ['authority', '--home', authority.home, 'serve', '--demo', ...listen, ...more]
    const served = new Served(args)
    authority.servers.push(served)
    const ready = () => {
      if (served.child.exitCode !== null) throw new Error(`serve ended: ${served.log}`)
      return /^Serving /m.test(served.said.out)
    }
    await until('the demonstration serves', ready, 60)
    authority.told = served.said.out
    return authority
  }

  /** Runs one command of this authority, and reads its JSON. @param {string[]} args */
  run(...args) {
    return json(['authority', '--home', this.home, ...args])
  }

  /** Runs one command that may fail. @param {string[]} args */
  attempt(...args) {
    return finish(['authority', '--home', this.home, '--json', ...args])
  }

  /** Starts a server on this home. @param {string} address @param {string[]} [more] */
  async serve(address, more = []) {
    const args = ['authority', '--home', this.home, 'serve', '--json']
    const served = new Served([...args, '--listen', `${address}:${this.port}`, ...more], this.env)
    this.servers.push(served)
    await served.listening()
    return served
  }

  /**
   * Registers a driver.
   * @param {Record<string, unknown>} [fields] what differs from the usual driver
   * @param {string[]} [more] further arguments
   */
  async register(fields = {}, more = []) {
    this.#registered += 1
    const number = `ZZ-F${String(this.#registered).padStart(3, '0')}`
    const driver = {
      family_name: 'Nakamura-Østergård',
      given_names: 'Zoë 美咲',
      birth_date: '1991-02-28',
      license_number: number,
      issue_date: '2020-06-01',
      expiry_date: '2055-05-31',
      issuing_country: 'ZZ',
      categories: [{ code: 'B', from: '2010-03-01', until: null }],
      ...fields,
    }
    const file = join(this.folder.path, `${driver.license_number}.json`)
    await writeFile(file, JSON.stringify(driver))
    const added = await this.run('license', 'add', '--file', file, '--portrait', PORTRAIT, ...more)
    return { ...added, number: driver.license_number, driver }
  }

  /** What every server has logged. */
  get log() {
    return this.servers.map((served) => served.log).join('')
  }

  async close() {
    for (const served of this.servers) await served.stop()
    await this.folder.cleanUp()
  }
}
