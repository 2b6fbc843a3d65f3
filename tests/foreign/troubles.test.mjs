// The pages of the sign-in on which something went wrong, looked at.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { launch, Visitor } from './support/browser.mjs'
import { Driver } from './support/driver.mjs'
import { OAuthWallet, REDIRECT } from './support/oauth_client.mjs'

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

/** A fresh visitor in a language, at the page of a sign-in. @param {string} language */
async function begin(t, language, driver, upTo) {
  const wallet = await OAuthWallet.open(authority.issuer)
  const origins = [authority.issuer, new URL(REDIRECT).origin]
  const visitor = await Visitor.open(browser, { origins, suite: 'troubles', language })
  t.after(() => visitor.close())
  const { url } = await wallet.push()
  await driver.signInWith(visitor, url, { upTo })
  return { visitor, wallet, url }
}

/** Fills a page's form with what is wrong, and looks at what is said of it. */
async function wrong(visitor, page, fields, name) {
  for (const [field, value] of Object.entries(fields)) await visitor.fill(field, value)
  await visitor.press(`form[action$="/sign-in/${page}"] button`)
  assert.equal(await visitor.page.locator('[role="alert"]').count(), 1, name)
  await visitor.look(name)
}

for (const language of ['en', 'ar']) {
  test(`each mistake is said beside its field, in ${language}`, async (t) => {
    const driver = await Driver.register(authority)
    const { visitor } = await begin(t, language, driver, 'letter')
    await wrong(visitor, 'letter', { code: 'AAAAA-AAAAA' }, 'letter-slip')
    await wrong(visitor, 'letter', { code: '12345-6700B' }, 'letter-wrong')
    await visitor.fill('code', driver.letter)
    await visitor.press('form[action$="/sign-in/letter"] button')
    await wrong(visitor, 'new-passphrase', { passphrase: 'short', again: 'short' }, 'short')
    const differ = { passphrase: 'a long enough one', again: 'another long one' }
    await wrong(visitor, 'new-passphrase', differ, 'differ')
    const simple = { passphrase: 'aaaaaaaaaaaa', again: 'aaaaaaaaaaaa' }
    await wrong(visitor, 'new-passphrase', simple, 'simple')
    const right = { passphrase: driver.passphrase, again: driver.passphrase }
    for (const [field, value] of Object.entries(right)) await visitor.fill(field, value)
    await visitor.press('form[action$="/sign-in/new-passphrase"] button')
    await wrong(visitor, 'new-code', { code: '000000' }, 'new-code-wrong')
    visitor.assertQuiet()
  })
}

test('a wrong passphrase and a wrong code are said, and other phones are asked about', async (t) => {
  const driver = await Driver.register(authority)
  const first = await OAuthWallet.open(authority.issuer)
  await first.redeem(await driver.signIn((await first.push()).url))
  assert.equal((await first.credential()).status, 200)
  const { visitor } = await begin(t, 'en', driver, 'passphrase')
  await wrong(visitor, 'passphrase', { passphrase: 'not the right one' }, 'passphrase-wrong')
  await visitor.fill('passphrase', driver.passphrase)
  await visitor.press('form[action$="/sign-in/passphrase"] button')
  await visitor.look('code')
  await wrong(visitor, 'code', { code: '000000' }, 'code-wrong')
  await visitor.fill('code', await driver.authenticator.next())
  await visitor.press('form[action$="/sign-in/code"] button')
  await visitor.look('consent-with-phones')
  visitor.assertQuiet()
})

test('a link that was opened elsewhere, and a sign-in that is over, say what to do', async (t) => {
  const driver = await Driver.register(authority)
  const { url } = await begin(t, 'en', driver, 'number')
  const other = await Visitor.open(browser, { origins: [authority.issuer], suite: 'troubles' })
  t.after(() => other.close())
  const used = await other.goto(url)
  assert.equal(used.status(), 400)
  await other.look('link-used')
  const over = await other.goto(`${authority.issuer}/sign-in`)
  assert.ok(over.status() >= 400)
  await other.look('over')
  const said = other.faults.filter((fault) => !/status of 4\d\d/.test(fault))
  assert.deepEqual(said, [])
})
