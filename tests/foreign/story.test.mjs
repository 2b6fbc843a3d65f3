// The whole story, from the one command that a visitor types: one driver signs in and gets the
// license; another waits for the photo, a clerk accepts it, and refresh brings it; the office
// suspends, and the wallet shows it.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Authority } from './support/authority.mjs'
import { launch, Visitor } from './support/browser.mjs'
import { Clerk } from './support/clerk.mjs'
import { Driver } from './support/driver.mjs'
import { Wallet } from './support/wallet.mjs'

/** Where the command line listens for the browser is known to it alone. */
const CALLBACK = /^http:\/\/127\.0\.0\.1:\d+$/

let authority
let browser
before(async () => {
  authority = await Authority.demonstration()
  browser = await launch()
})
after(async () => {
  await browser.close()
  await authority.close()
})

/** @param {string} suite @param {object} [more] */
const visit = (suite, more) =>
  Visitor.open(browser, {
    origins: [authority.issuer, authority.office, CALLBACK],
    suite,
    width: 1280,
    ...more,
  })

/** @param {Wallet} wallet @param {Driver} driver */
async function apply(wallet, driver) {
  const applying = await wallet.apply()
  const visitor = await visit('story')
  await driver.signInWith(visitor, applying.address)
  const ended = await applying.ended
  assert.equal(ended.code, 0, ended.err)
  visitor.assertQuiet()
  await visitor.close()
}

test('two drivers and the office: from the sign-in to the suspension', async (t) => {
  const letters = authority.told.matchAll(/^ +(\S+) +letter (\S+) /gm)
  const [first, second] = [...letters].map(([, number, letter]) =>
    Driver.invited({ number, letter }),
  )
  const wallets = [await Wallet.open(authority), await Wallet.open(authority)]
  t.after(() => Promise.all(wallets.map((wallet) => wallet.close())))

  await apply(wallets[0], first)
  assert.equal((await wallets[0].licenses()).length, 1)

  await apply(wallets[1], second)
  const [waiting] = await wallets[1].applications()
  assert.equal(waiting.state, 'waiting')

  const [, code] = authority.told.match(/^ +demo +code (\S+)/m)
  const clerk = Clerk.invited(authority, 'demo', code)
  const atDesk = await visit('office')
  t.after(() => atDesk.close())
  await clerk.setUp(atDesk, { look: true })
  await clerk.signIn(atDesk, { look: true })
  await atDesk.look('search')
  await atDesk.goto(`${authority.office}/reviews`)
  await atDesk.look('reviews')
  await atDesk.press(`main tr:has-text("${await nameOf(second)}") a`)
  await atDesk.look('review')
  await atDesk.press('form[action$="/accept"] button')

  await wallets[1].refreshWhenDue()
  assert.equal((await wallets[1].licenses()).length, 1)
  assert.deepEqual(await wallets[1].applications(), [])

  await atDesk.goto(authority.office)
  await atDesk.fill('q', second.number)
  await atDesk.press('main form[role="search"] button')
  if (await atDesk.page.locator('main table a').count()) await atDesk.press('main table a')
  await atDesk.look('license')
  await atDesk.press('summary:has-text("Decide")')
  await atDesk.page.locator('[name="state"]').selectOption('suspended')
  await atDesk.fill('reason', 'speeding')
  await atDesk.look('decide')
  await atDesk.press('form[action$="/decide"] button')
  await atDesk.look('decided')
  for (const place of ['licenses/new', 'proposals', 'readers', 'users', 'audit', 'api']) {
    await atDesk.goto(`${authority.office}/${place}`)
    await atDesk.look(place.replace('/', '-'))
  }

  await wallets[1].run('refresh', '--force')
  const [license] = await wallets[1].licenses()
  assert.match(JSON.stringify(license), /suspended/)
  const status = await wallets[1].run('status')
  assert.match(JSON.stringify(status), /suspended/)
  const [other] = await wallets[0].licenses()
  assert.doesNotMatch(JSON.stringify(other), /suspended/)
  atDesk.assertQuiet()
})

/** Given and family name, as the office's lists show them. @param {Driver} driver */
async function nameOf(driver) {
  const found = await authority.run('license', 'find', driver.number)
  return found.family_name ?? found.license?.family_name
}

test('a clerk refuses a photo, and the driver reads why', async (t) => {
  const driver = await Driver.register(authority, {}, ['--review', 'photo'])
  const wallet = await Wallet.open(authority)
  t.after(() => wallet.close())
  await apply(wallet, driver)
  const clerk = await Clerk.add(authority, 'nadia', ['clerk'])
  const visitor = await visit('office', { javaScript: false })
  t.after(() => visitor.close())
  await clerk.setUp(visitor)
  await clerk.signIn(visitor)
  await visitor.goto(`${authority.office}/reviews`)
  await visitor.press(`main tr:has-text("${driver.driver.family_name}") a`)
  await visitor.page.locator('[name="reason"]').selectOption('photo_unclear')
  await visitor.fill('words', 'The left half is in the shade.')
  await visitor.press('form[action$="/refuse"] button')
  visitor.assertQuiet()
  await wallet.refreshWhenDue()
  const [refused] = await wallet.applications()
  assert.deepEqual(
    [refused.state, refused.reason, refused.words],
    ['refused', 'photo_unclear', 'The left half is in the shade.'],
  )
})
