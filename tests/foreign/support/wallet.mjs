// The wallet of the command line, in a temporary home.

import { join } from 'node:path'
import { finish, folder, json, start, until } from './program.mjs'

/** A driver's phone. */
export class Wallet {
  /** @param {{ root: string, issuer: string }} authority */
  static async open(authority) {
    const wallet = new Wallet()
    wallet.folder = await folder()
    wallet.home = join(wallet.folder.path, 'phone')
    await wallet.run('init', '--root', authority.root, '--authority', authority.issuer)
    return wallet
  }

  /** Runs one command of this wallet, and reads its JSON. @param {string[]} args */
  run(...args) {
    return json(['wallet', '--home', this.home, ...args])
  }

  /** Runs one command that may fail. @param {string[]} args */
  attempt(...args) {
    return finish(['wallet', '--home', this.home, '--json', ...args])
  }

  /**
   * `wallet apply --no-browser`: it waits for the browser. `address` is the one to open.
   * @param {string[]} more
   */
  async apply(...more) {
    const args = ['wallet', '--home', this.home, 'apply', '--no-browser', '--json', ...more]
    const running = start(args)
    const address = await until('the address to open', () => {
      const found = `${running.said.out}\n${running.said.err}`.match(/https?:\/\/[^\s"']+/)
      if (found) return found[0]
      if (running.child.exitCode !== null) {
        throw new Error(`apply ended: ${running.said.out}${running.said.err}`)
      }
      return undefined
    })
    /** Its end: exit code, and what it said. */
    const ended = running.done.then(({ code }) => ({ code, ...running.said }))
    return { address, ended, child: running.child, said: running.said }
  }

  /** The licenses that this wallet holds. */
  async licenses() {
    return (await this.run('list')).filter((one) => !one.application)
  }

  /** What it has applied for and does not hold yet. */
  async applications() {
    const listed = await this.run('list')
    return listed.flatMap((one) => one.application ?? [])
  }

  /** Waits until the authority may be asked again for what was applied for, and asks. */
  async refreshWhenDue() {
    const [{ next }] = await this.applications()
    const wait = next * 1000 - Date.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait + 100))
    return this.run('refresh')
  }

  async close() {
    await this.folder.cleanUp()
  }
}
