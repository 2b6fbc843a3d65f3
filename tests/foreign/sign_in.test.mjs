// A driver's whole way in Chromium: sign-in, consent, and the license in the command line's wallet.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { launch, Visitor } from './support/browser.mjs'
import { Driver } from './support/driver.mjs'
import { OAuthWallet } from './support/oauth_client.mjs'
import { Wallet } from './support/wallet.mjs'

let authority
let browser
before(async () => {
  authority = await Authority.open({ serve: ['--accounts', 'builtin'] })
  browser = await launch()
})
after(async () => {
  await browser.close()
  await authority.close()
})

/** Where the command line listens is known to it alone: any port of loopback. */
const CALLBACK = /^http:\/\/127\.0\.0\.1:\d+$/

/**
 * Applies with a new wallet and signs in with Chromium.
 * @param {import('node:test').TestContext} t
 * @param {Driver} driver
 * @param {object} options of the visitor
 */
async function apply(t, driver, options) {
  const wallet = await Wallet.open(authority)
  t.after(() => wallet.close())
  const applying = await wallet.apply()
  const origins = [authority.issuer, CALLBACK]
  const visitor = await Visitor.open(browser, { origins, suite: 'sign-in', ...options })
  t.after(() => visitor.close())
  await driver.signInWith(visitor, applying.address, { look: options.look ?? true })
  const ended = await applying.ended
  assert.equal(ended.code, 0, ended.err)
  if (options.look ?? true) await visitor.look('back-in-the-terminal')
  return { wallet, visitor, ended }
}

test('a driver signs in for the first time, and the wallet receives the license', async (t) => {
  const driver = await Driver.register(authority)
  const { wallet, visitor } = await apply(t, driver, {})
  assert.equal((await wallet.licenses()).length, 1)
  visitor.assertQuiet()
})

test('a driver with an account taps six times, and types one passphrase and one code', async (t) => {
  const driver = await Driver.register(authority)
  const first = await OAuthWallet.open(authority.issuer)
  const { url } = await first.push()
  await driver.signIn(url)
  const { wallet, visitor } = await apply(t, driver, { look: false })
  assert.equal((await wallet.licenses()).length, 1)
  const [secrets, others] = [['passphrase', 'code'], []]
  for (const tap of visitor.taps) if (!secrets.includes(tap)) others.push(tap)
  assert.deepEqual(visitor.taps.filter((tap) => secrets.includes(tap)), secrets)
  // The first of all is the app's own "sign in".
  const taps = others.length + 1
  t.diagnostic(`${taps} taps: in the app, ${others.join(', ')}`)
  assert.ok(taps <= 6, others.join(', '))
})

for (const language of ['ar', 'zh', 'bn', 'es']) {
  test(`the whole way without JavaScript, in ${language}`, async (t) => {
    const driver = await Driver.register(authority)
    const { wallet, visitor } = await apply(t, driver, { language, javaScript: false })
    assert.equal((await wallet.licenses()).length, 1)
    visitor.assertQuiet()
  })
}

test('Arabic pages are accessible, and written from right to left', async (t) => {
  const driver = await Driver.register(authority)
  const { visitor } = await apply(t, driver, { language: 'ar' })
  visitor.assertQuiet()
})
